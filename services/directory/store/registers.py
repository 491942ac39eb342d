"""Changing dossiers, many persons in one transaction.

A commit waits for the disk; a hundred changes wait no longer than one. They are therefore gathered,
and each decides on what it finds once all that were before it are done.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg

from services.concepts.failures import Failure
from services.concepts.ssin import Ssin
from services.directory.errors import RegisterBusy
from services.directory.model import Dossier
from services.directory.store.reading import SQL
from services.directory.store.rows import Kept, kept_with, lock_dossiers, write
from services.directory.store.spread import Spread
from services.kit.coalesce import Coalescer
from services.kit.errors import StillInWork
from services.kit.postgres import ATTEMPTS, retrying
from services.kit.tickets import LEASE, Attempt, current, holding

T = TypeVar("T")
Decide = Callable[[Sequence[Dossier]], tuple[Sequence[Dossier], T]]
"""What a person's dossiers become, given what they are; and what is answered."""


Witness = Callable[[T], Awaitable[None]]
"""Puts in writing what is about to be; fails when that cannot be."""


@dataclass(frozen=True, slots=True)
class _Change:
    person: Ssin
    decide: Decide[Any]
    witness: Witness[Any] | None
    attempt: Attempt | None = None
    """That of the ticket under which it is asked, if it is done once for each."""


class PostgresRegisters:
    """Dossiers in PostgreSQL, changed."""

    def __init__(self, pool: asyncpg.Pool, spread: Spread = Spread.ONE) -> None:
        self._pool = pool
        self._spread = spread
        self._change: Coalescer[_Change, Any] = Coalescer(self._change_all)

    async def change(self, person: Ssin, decide: Decide[T], witness: Witness[T] | None = None) -> T:
        """Change a person's dossiers; durable when it returns. `decide` may be called again; the
        witness writes down what was decided before the commit."""
        answer: T = await self._change(_Change(person, decide, witness, current()))
        return answer

    async def _change_all(self, changes: Sequence[_Change]) -> list[Any]:
        for _ in range(ATTEMPTS):
            try:
                return await retrying(lambda: self._attempt(changes))
            except asyncpg.UniqueViolationError:
                # Somebody else was the first to register one of the persons: that row is there now.
                continue
        raise RegisterBusy()

    async def _attempt(self, changes: Sequence[_Change]) -> list[Any]:
        numbers = {change.person.number for change in changes}
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(SQL.hold_numbers)
            gone = {row["ssin"] for row in await connection.fetch(SQL.list_replaced, numbers)}
            before = await lock_dossiers(connection, numbers, self._spread)
            attempts = [change.attempt for change in changes if change.attempt is not None]
            lost = set(attempts) - await holding(connection, attempts)
            after, answers = decide_changes(before, changes, gone, lost)
            await asyncio.gather(
                *(
                    change.witness(answer)
                    for change, answer in zip(changes, answers, strict=True)
                    if change.witness is not None and not isinstance(answer, Failure)
                )
            )
            await write(connection, before, after)
        return answers


def decide_changes(
    before: Mapping[int, Kept],
    changes: Sequence[_Change],
    gone: Set[int],
    lost: Set[Attempt] = frozenset(),
) -> tuple[dict[int, Kept], list[Any]]:
    """The persons whose dossiers differ, as they are after all changes; and the answers.

    A number that was replaced meanwhile is not written: whoever asks again is told the new one. An
    attempt that lost its ticket to another changes nothing.
    """
    after: dict[int, Kept] = {}
    answers: list[Any] = []
    for change in changes:
        number = change.person.number
        if change.attempt in lost:
            answers.append(StillInWork(retry_after=LEASE))
            continue
        if number in gone:
            answers.append(RegisterBusy())
            continue
        known = after.get(number, before.get(number, {}))
        try:
            wanted, answer = change.decide(tuple(known))
        except Failure as refused:
            answers.append(refused)
            continue
        answers.append(answer)
        if set(wanted) != known.keys():
            after[number] = kept_with(known, wanted)
    return {number: kept for number, kept in after.items() if kept != before.get(number)}, answers
