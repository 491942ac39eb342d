"""The nouns: the law as it is written, the plan of a day, and what is known of persons."""
