"""Changing dossiers, many persons in one transaction.

A commit waits for the disk; a hundred changes wait no longer than one. They are therefore gathered,
and each decides on what it finds once all that were before it are done.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import asyncpg

from services.concepts.failures import Failure
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.directory.errors import RegisterBusy
from services.directory.model import Dossier, OrganizationKey, QualityCode
from services.directory.store.reading import SQL
from services.kit.coalesce import Coalescer
from services.kit.postgres import ATTEMPTS, retrying

T = TypeVar("T")
Decide = Callable[[Sequence[Dossier]], tuple[Sequence[Dossier], T]]
"""What a person's dossiers become, given what they are; and what is answered."""
Kept = dict[Dossier, datetime | None]
"""Dossiers, each with the instant at which it was recorded; nothing for what is new."""


@dataclass(frozen=True, slots=True)
class _Change:
    person: Ssin
    decide: Decide[Any]


class PostgresRegisters:
    """Dossiers in PostgreSQL, read with their history and changed."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._change: Coalescer[_Change, Any] = Coalescer(self._change_all)

    async def change(self, person: Ssin, decide: Decide[T]) -> T:
        """Change a person's dossiers; durable when it returns. `decide` may be called again."""
        answer: T = await self._change(_Change(person, decide))
        return answer

    async def dossiers_known(
        self, person: Ssin, organizations: Collection[OrganizationKey], known_at: datetime
    ) -> list[Dossier]:
        """The dossiers of some organizations as they were recorded at an instant."""
        rows = await retrying(
            lambda: self._pool.fetch(
                SQL.list_known_dossiers, person.number, list(organizations), known_at
            )
        )
        return [_dossier(*row) for row in rows]

    async def _change_all(self, changes: Sequence[_Change]) -> list[Any]:
        for _ in range(ATTEMPTS):
            try:
                return await retrying(lambda: self._attempt(changes))
            except asyncpg.UniqueViolationError:
                # Somebody else was the first to register one of the persons: that row is there now.
                continue
        raise RegisterBusy()

    async def _attempt(self, changes: Sequence[_Change]) -> list[Any]:
        numbers = sorted({change.person.number for change in changes})
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(SQL.lock_dossiers, numbers)
            before = {row["ssin"]: _kept(row) for row in rows}
            after, answers = decided(before, changes)
            for statement, known in ((SQL.open_person, False), (SQL.change_person, True)):
                written = [
                    _row(number, kept)
                    for number, kept in after.items()
                    if (number in before) is known
                ]
                if written:
                    await connection.executemany(statement, written)
        return answers


def decided(
    before: Mapping[int, Kept], changes: Sequence[_Change]
) -> tuple[dict[int, Kept], list[Any]]:
    """The persons whose dossiers differ, as they are after all changes; and the answers."""
    after: dict[int, Kept] = {}
    answers: list[Any] = []
    for change in changes:
        number = change.person.number
        known = after.get(number, before.get(number, {}))
        try:
            wanted, answer = change.decide(tuple(known))
        except Failure as refused:
            answers.append(refused)
            continue
        answers.append(answer)
        if set(wanted) != known.keys():
            after[number] = {one: known.get(one) for one in wanted}
    return {number: kept for number, kept in after.items() if kept != before.get(number)}, answers


def _kept(row: asyncpg.Record) -> Kept:
    columns = zip(
        row["organizations"],
        row["quality_codes"],
        row["phases"],
        row["begin_dates"],
        row["end_dates"],
        row["recorded_at"],
        strict=True,
    )
    return {_dossier(*dossier): recorded_at for *dossier, recorded_at in columns}


def _dossier(organization: int, quality: int, phase: int, begin: date, end: date) -> Dossier:
    period = Period(begin, None if end == date.max else end)
    return Dossier(OrganizationKey(organization), QualityCode(quality), phase, period)


def _row(number: int, kept: Kept) -> tuple[object, ...]:
    ordered = sorted(kept, key=_order)
    return (
        number,
        [one.organization for one in ordered],
        [one.quality_code for one in ordered],
        [one.phase for one in ordered],
        [one.period.begin for one in ordered],
        [one.period.end or date.max for one in ordered],
        [kept[one] for one in ordered],
    )


def _order(one: Dossier) -> tuple[int, int, date]:
    return one.organization, one.quality_code, one.period.begin
