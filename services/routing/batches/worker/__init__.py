"""What works on batches beside routing, as often as wanted, after all that somebody waits for."""
