"""The services that admission needs: access decides, audit records."""
