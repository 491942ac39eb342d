"""What push does: take what sources publish, bring it to subscribers."""
