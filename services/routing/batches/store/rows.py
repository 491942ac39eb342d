"""Rows of batches as batches."""

import json
from typing import Any

import asyncpg

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.kit.postgres import statements
from services.routing.batches.model import Batch, BatchState

SQL = statements("services.routing")


def batch(row: asyncpg.Record | dict[str, Any]) -> Batch:
    """How far a batch has come, of its row."""
    return Batch(
        batch_id=row["batch_id"],
        customer=EnterpriseNumber(row["customer"]),
        ticket=row["ticket"],
        legal_context=LegalContext(row["legal_context"]),
        contract=ContractName(row["contract_code"], row["contract_version"]),
        state=BatchState(row["state"]),
        item_count=row["item_count"],
        done_count=row["done_count"],
        counts=json.loads(row["counts"]),
        submitted_at=row["submitted_at"],
        started_at=row["started_at"],
        due_at=row["due_at"],
        is_overdue=row["overdue"],
        finished_at=row["finished_at"],
        kept_until=row["kept_until"],
        digest=row["digest"],
    )


def count(tag: str) -> int:
    """How many rows a statement says that it changed."""
    return int(tag.rpartition(" ")[2])
