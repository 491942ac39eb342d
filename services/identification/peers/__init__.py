"""The services that identification needs: access decides, audit records."""
