"""What identification decides: pure, each with its source."""
