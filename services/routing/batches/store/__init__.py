"""Batches in PostgreSQL, persons and results sealed."""

from services.routing.batches.store.bench import PostgresBench
from services.routing.batches.store.desk import PostgresDesk
from services.routing.batches.store.intake import PostgresIntake
from services.routing.batches.store.sealing import Seal

__all__ = ["PostgresBench", "PostgresDesk", "PostgresIntake", "Seal"]
