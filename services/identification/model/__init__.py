"""The nouns of identification."""
