"""The log in PostgreSQL: how far the tree has grown, and where records are in it."""
