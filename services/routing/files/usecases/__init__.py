"""What is done with files: taken, given, looked after."""
