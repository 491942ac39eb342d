"""Facts and households in PostgreSQL."""
