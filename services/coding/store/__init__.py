"""Projects and rows in PostgreSQL."""

from services.coding.store.lists import PostgresLists
from services.coding.store.projects import PostgresProjects
from services.coding.store.rows import PostgresRows

__all__ = ["PostgresLists", "PostgresProjects", "PostgresRows"]
