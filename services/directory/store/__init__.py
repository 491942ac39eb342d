"""The directory at rest: what serving reads, and what load jobs write."""

from services.directory.store.reading import PostgresStore
from services.directory.store.writing import PostgresShelf

__all__ = ["PostgresShelf", "PostgresStore"]
