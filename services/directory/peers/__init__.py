"""The ports that need another service, over its stubs; questions to one peer travel together."""
