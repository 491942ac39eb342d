"""The trail itself: what is recorded, how persons are hidden in it, and who reads it."""
