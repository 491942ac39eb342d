"""What the buffer needs beside admission: identification knows what became of a number."""
