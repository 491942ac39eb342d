"""What is done with batches: take them, work on them, tell how far they are, let go of them."""
