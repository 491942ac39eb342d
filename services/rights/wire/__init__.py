"""Total functions between messages and what is known of persons and decided about them."""
