"""The services that coding needs beside admission's: identification and the registry."""
