"""What was published and what waits, in PostgreSQL, contents sealed."""

from services.routing.notices.store.postgres import PostgresStore
from services.routing.notices.store.sealing import Seal

__all__ = ["PostgresStore", "Seal"]
