"""The trail in PostgreSQL: records, the months they are of, and numbers that were replaced."""
