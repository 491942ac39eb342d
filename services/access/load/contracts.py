"""The contracts by which the job reviews deliberations."""

from services.access.store.contracts import shipped_contracts

__all__ = ["shipped_contracts"]
