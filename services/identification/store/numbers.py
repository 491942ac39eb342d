"""Numbers in PostgreSQL."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import asyncpg

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.resolved_ssin import SsinState
from services.concepts.ssin import Ssin
from services.identification.model.numbers import LONGEST_CHAIN, Person
from services.kit.postgres import retrying, statements

SQL = statements("services.identification")
_STATES = {state.value: state for state in SsinState}
"""Looked up rather than called: a batch has a thousand of them."""


@dataclass(frozen=True)
class PostgresStore:
    """Reads, as the service."""

    pool: asyncpg.Pool

    async def ends_of(self, ssins: Collection[Ssin]) -> Mapping[Ssin, Person]:
        """For each number that is kept, the person at the end of its chain of replacements."""
        if not ssins:
            return {}
        numbers = [ssin.number for ssin in ssins]
        rows = await retrying(lambda: self.pool.fetch(SQL.list_persons, numbers))
        ends = {Ssin(row["ssin"]): person(row) for row in rows}
        replaced = [row["ssin"] for row in rows if row["replaced_by"] is not None]
        if replaced:
            chains = SQL.list_chain_ends
            lasts = await retrying(lambda: self.pool.fetch(chains, replaced, LONGEST_CHAIN))
            ends |= {Ssin(row["asked"]): person(row) for row in lasts}
        return ends


def person(row: asyncpg.Record) -> Person:
    replaced_by, deceased_on = row["replaced_by"], row["deceased_on"]
    return Person(
        Ssin(row["ssin"]),
        _STATES[row["state"]],
        None if replaced_by is None else Ssin(replaced_by),
        None if deceased_on is None else _date(deceased_on),
    )


def _date(number: int) -> IncompleteDate:
    return IncompleteDate(number // 10_000, number // 100 % 100, number % 100)
