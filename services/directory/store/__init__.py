"""The directory at rest: what serving reads and changes, and what load jobs write."""

from services.directory.store.bulk import PostgresBulk
from services.directory.store.reading import PostgresStore
from services.directory.store.registers import PostgresRegisters
from services.directory.store.replacements import PostgresMoves
from services.directory.store.subscriptions import PostgresSubscriptions
from services.directory.store.writing import PostgresShelf

__all__ = [
    "PostgresBulk",
    "PostgresMoves",
    "PostgresRegisters",
    "PostgresShelf",
    "PostgresStore",
    "PostgresSubscriptions",
]
