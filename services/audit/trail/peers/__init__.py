"""The ports that need another service."""
