"""PostgreSQL and Valkey from wheels, driven directly: their wrappers create accounts as root."""
