"""What identification does, one module for each kind of question."""
