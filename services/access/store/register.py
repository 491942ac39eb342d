"""The public register in PostgreSQL, and the steps that move what stands in it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg

from services.access.errors import (
    AccessionOverlaps,
    DeliberationMoved,
    LegalContextOwned,
    OfficesMixed,
    RequestReused,
)
from services.access.model import (
    Accession,
    ActVersion,
    Deliberation,
    Holdings,
    Move,
    Office,
    ProposedAccession,
    Request,
    Standing,
)
from services.access.store import rows
from services.access.store.postgres import SQL, add
from services.kit.postgres import retrying


class PostgresRegister:
    """Reads deliberations one by one or in pages, and moves them, each step in one transaction."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_number(self, number: str) -> tuple[Deliberation, ...]:
        """Every version of a deliberation, in order; none if there is none."""
        return await self._listed(SQL.list_of_number, number)

    async def page(
        self, after: ActVersion, most: int, *, legal_context: str, proposals: bool
    ) -> tuple[Deliberation, ...]:
        """At most so many versions after one, by number and version."""
        return await self._listed(
            SQL.list_page, after.number, after.version, proposals, legal_context, most
        )

    async def taken(self, request: Request) -> bool:
        """Whether the request's step was taken before; fails with RequestReused."""
        digest = await retrying(lambda: self._pool.fetchval(SQL.get_step, request.request_id))
        return _same(digest, request)

    async def propose(self, request: Request, text: Deliberation) -> None:
        """Add a proposal. Fails with VersionAltered and LegalContextOwned."""

        async def step(connection: Any) -> None:
            await connection.execute(SQL.lock_deliberations)
            await add(connection, [text])

        await self._step(request, step)

    async def move(
        self, request: Request, act: ActVersion, before: Standing, after: Standing, day: date
    ) -> None:
        """Move an act on from where it was seen. Fails with DeliberationMoved."""

        async def step(connection: Any) -> None:
            found = await connection.fetchval(
                SQL.move_deliberation,
                *(act.number, act.version, before.value, after.value, request.operator, day),
            )
            if found is None:
                raise DeliberationMoved

        await self._step(request, step)

    async def office_of(self, person: str) -> Office | None:
        """The office in which a person acts; none if he never did."""
        found = await retrying(lambda: self._pool.fetchval(SQL.get_office, person))
        return None if found is None else Office(found)

    async def propose_accession(self, request: Request, number: str, accession: Accession) -> None:
        """Keep an accession until it is enacted, in the place of one with the same first day."""

        async def step(connection: Any) -> None:
            columns = _accession_row(number, accession)
            await connection.execute(SQL.put_proposed_accession, *columns, request.operator)

        await self._step(request, step)

    async def enact_accession(
        self, request: Request, number: str, proposed: ProposedAccession
    ) -> None:
        """Let an accession that was proposed count.

        Fails with DeliberationMoved and AccessionOverlaps.
        """

        async def step(connection: Any) -> None:
            columns = _accession_row(number, proposed.accession)
            taken = await connection.fetchval(
                SQL.take_proposed_accession, *columns, proposed.proposed_by
            )
            if taken is None:
                raise DeliberationMoved
            if not await _given_end(connection, number, proposed.accession):
                columns_of = rows.accession_columns({number: [proposed.accession]})
                await connection.fetch(SQL.add_accessions, *columns_of)

        await self._step(request, step)

    async def end_accession(self, request: Request, number: str, accession: Accession) -> None:
        """Give an accession that is there another last day. Fails with DeliberationMoved."""

        async def step(connection: Any) -> None:
            if not await _given_end(connection, number, accession):
                raise DeliberationMoved

        await self._step(request, step)

    async def holdings_at(self, revision: int) -> Holdings:
        """The deliberations as they stood at a revision."""
        return await retrying(lambda: self._at(revision))

    async def _at(self, revision: int) -> Holdings:
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            texts = await connection.fetch(SQL.list_deliberations_at, revision)
            accessions = await connection.fetch(SQL.list_accessions_at, revision)
        # Beside the loop: texts in their thousands take seconds.
        restored = await asyncio.to_thread(rows.deliberations, texts, accessions)
        return Holdings(restored, revision)

    async def _listed(self, statement: str, *arguments: object) -> tuple[Deliberation, ...]:
        return await retrying(lambda: self._read(statement, *arguments))

    async def _read(self, statement: str, *arguments: object) -> tuple[Deliberation, ...]:
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            found = await connection.fetch(statement, *arguments)
            numbers = sorted({row["number"] for row in found})
            accessions = await connection.fetch(SQL.list_accessions_of, numbers)
            moves: dict[tuple[str, int], list[Move]] = {}
            for row in await connection.fetch(SQL.list_moves_of, numbers):
                move = Move(Standing(row["standing"]), row["day"])
                moves.setdefault((row["number"], row["version"]), []).append(move)
            waiting: dict[str, list[ProposedAccession]] = {}
            for row in await connection.fetch(SQL.list_proposed_accessions_of, numbers):
                waiting.setdefault(row["number"], []).append(rows.proposed_accession(row))
        texts = await asyncio.to_thread(rows.deliberations, found, accessions)
        return tuple(
            replace(
                text,
                moved_by=row["moved_by"],
                moves=tuple(moves.get((text.number, text.version), ())),
                proposed_accessions=tuple(waiting.get(text.number, ())),
            )
            for text, row in zip(texts, found, strict=True)
        )

    async def _step(self, request: Request, step: Callable[[Any], Awaitable[None]]) -> None:
        try:
            await retrying(lambda: self._stepped(request, step))
        except asyncpg.ExclusionViolationError as violation:
            raise AccessionOverlaps from violation
        except asyncpg.UniqueViolationError as violation:
            # One proposal to a number, one deliberation to a legal context.
            if violation.constraint_name == "deliberation_proposed_once":
                raise DeliberationMoved from violation
            raise LegalContextOwned from violation

    async def _stepped(self, request: Request, step: Callable[[Any], Awaitable[None]]) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            mine = await connection.fetchval(
                SQL.take_step, request.request_id, request.content_digest
            )
            if mine is None:
                _same(await connection.fetchval(SQL.get_step, request.request_id), request)
                return
            await connection.execute(SQL.hold_office, request.operator, request.office.value)
            held = await connection.fetchval(SQL.get_office, request.operator)
            if held != request.office.value:
                raise OfficesMixed
            await step(connection)


def _accession_row(number: str, accession: Accession) -> tuple[Any, ...]:
    period = accession.period
    return number, str(accession.recipient), period.begin, period.end, accession.regulation


async def _given_end(connection: Any, number: str, accession: Accession) -> bool:
    period = accession.period
    key = (number, str(accession.recipient), period.begin)
    return await connection.fetchval(SQL.end_accession, *key, period.end) is not None


def _same(digest: str | None, request: Request) -> bool:
    if digest is not None and digest != request.content_digest:
        raise RequestReused
    return digest is not None
