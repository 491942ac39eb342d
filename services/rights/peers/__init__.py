"""The ports that need another service, over its stubs."""
