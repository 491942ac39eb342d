"""Events and notices in PostgreSQL."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.ssin import Ssin
from services.kit.postgres import retrying, statements
from services.routing.errors import PublicationRaced
from services.routing.notices.model import (
    Addressee,
    Course,
    Event,
    EventKind,
    NewEvent,
    Place,
    Published,
    Waiting,
)
from services.routing.notices.store.sealing import Seal

SQL = statements("services.routing")


@dataclass(frozen=True)
class PostgresStore:
    """Keeps what was published and what waits, as the service."""

    pool: asyncpg.Pool
    seal: Seal

    async def published(
        self, source: EnterpriseNumber, references: Collection[str]
    ) -> Mapping[str, Published]:
        """What the source published under these references."""
        if not references:
            return {}
        rows = await retrying(
            lambda: self.pool.fetch(SQL.list_published, source.number, list(references))
        )
        return {
            row["reference"]: Published(
                row["event_id"], row["digest"], _addressees(row["addressees"])
            )
            for row in rows
        }

    async def courses(
        self, source: EnterpriseNumber, attestations: Collection[str]
    ) -> Mapping[str, Course]:
        """How far the source's attestations have come."""
        if not attestations:
            return {}
        rows = await retrying(
            lambda: self.pool.fetch(SQL.list_courses, source.number, list(attestations))
        )
        return {
            row["attestation"]: Course(
                row["step"],
                EventKind(row["kind"]),
                Ssin(row["ssin"]),
                ContractName(row["contract_code"], row["contract_version"]),
                row["occurred_at"],
            )
            for row in rows
        }

    async def add(self, events: Sequence[NewEvent]) -> None:
        """Keep events with their notices in one transaction; once, however often it is tried."""

        async def once() -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                await connection.execute(SQL.add_published, *_columns(map(_event_row, events), 14))
                await self._add_contents(connection, events)
                await _add_notices(connection, events)
                await _add_submissions(connection, events)

        try:
            await retrying(once)
        except asyncpg.UniqueViolationError as raced:
            # A commit whose answer was lost is found again by the identifications it made.
            if not await self._has(events):
                raise PublicationRaced() from raced

    async def _has(self, events: Sequence[NewEvent]) -> bool:
        known = await self.published(events[0].source, {one.event.reference for one in events})
        return all(
            (kept := known.get(one.event.reference)) is not None and kept.event_id == one.event_id
            for one in events
        )

    async def _add_contents(
        self, connection: PoolConnectionProxy, events: Sequence[NewEvent]
    ) -> None:
        rows = [
            (one.event_id, self.seal.seal(one.event.payload, one.event_id), one.expires_at)
            for one in events
            if one.event.payload is not None and one.notices
        ]
        if rows:
            await connection.execute(SQL.add_contents, *_columns(rows, 3))

    async def waiting(
        self, subscriber: EnterpriseNumber, after: int, now: datetime, most: int
    ) -> list[Waiting]:
        """What waits after a position, in order, contents opened."""
        rows = await retrying(
            lambda: self.pool.fetch(SQL.list_waiting, subscriber.number, after, now, most)
        )
        return [self._waiting(row) for row in rows]

    def _waiting(self, row: asyncpg.Record) -> Waiting:
        sealed = row["sealed"]
        return Waiting(
            position=row["position"],
            notice_id=row["notice_id"],
            subscription=row["subscription_id"],
            source=EnterpriseNumber(row["source"]),
            contract=ContractName(row["contract_code"], row["contract_version"]),
            event=Event(
                reference=row["reference"],
                kind=EventKind(row["kind"]),
                attestation=row["attestation"],
                person=Ssin(row["ssin"]),
                event_type=row["event_type"],
                occurred_at=row["occurred_at"],
                payload=None if sealed is None else self.seal.open(sealed, row["event_id"]),
            ),
            published_at=row["published_at"],
            expires_at=row["expires_at"],
        )

    async def count_waiting(self, subscriber: EnterpriseNumber, until: int, most: int) -> int:
        """How much waits up to a position, counted no further than a bound."""
        count: int = await retrying(
            lambda: self.pool.fetchval(SQL.count_waiting, subscriber.number, until, most)
        )
        return count

    async def place(self, subscriber: EnterpriseNumber) -> Place:
        """How far the subscriber's notices have come."""
        row = await retrying(lambda: self.pool.fetchrow(SQL.find_place, subscriber.number))
        return Place() if row is None else Place(*row)

    async def acknowledge(self, subscriber: EnterpriseNumber, notices: Collection[UUID]) -> int:
        """How many of the notices waited, and no longer do."""
        done = await retrying(
            lambda: self.pool.execute(SQL.acknowledge, subscriber.number, list(notices))
        )
        return _count(done)

    async def withdraw(self, subscriber: EnterpriseNumber, positions: Collection[int]) -> None:
        """Drop notices that may not go out any more."""
        await retrying(lambda: self.pool.execute(SQL.withdraw, subscriber.number, list(positions)))

    async def count_halted(self, bound: int) -> int:
        """How many subscribers have that many notices waiting."""
        count: int = await retrying(lambda: self.pool.fetchval(SQL.count_halted, bound))
        return count

    async def expire(self, now: datetime, most: int) -> Mapping[EnterpriseNumber, int]:
        """Drop notices whose time is over; how many of each subscriber's."""
        rows = await retrying(lambda: self.pool.fetch(SQL.expire_notices, now, most))
        return {EnterpriseNumber(row["subscriber"]): row["expired"] for row in rows}

    async def purge(self, published_before: datetime, most: int) -> int:
        """Delete contents that nobody waits for, and what was published before an instant."""
        contents = await retrying(lambda: self.pool.execute(SQL.purge_contents, most))
        events = await retrying(
            lambda: self.pool.execute(SQL.purge_published, published_before, most)
        )
        return _count(contents) + _count(events)


async def _add_notices(connection: PoolConnectionProxy, events: Sequence[NewEvent]) -> None:
    """Number the notices of each subscriber in the order of the events, under its lock."""
    numbers = sorted({one.subscriber.number for event in events for one in event.notices})
    if not numbers:
        return
    await connection.execute(SQL.add_subscribers, numbers)
    rows = await connection.fetch(SQL.lock_subscribers, numbers)
    last = {row["subscriber"]: row["last_position"] for row in rows}
    notices = []
    for event in events:
        for one in event.notices:
            number = one.subscriber.number
            last[number] += 1
            notices.append(
                (
                    number,
                    last[number],
                    one.notice_id,
                    event.event_id,
                    event.event.person.number,
                    one.subscription,
                    event.expires_at,
                )
            )
    await connection.execute(SQL.add_notices, *_columns(notices, 7))
    await connection.execute(SQL.store_positions, list(last), list(last.values()))


async def _add_submissions(connection: PoolConnectionProxy, events: Sequence[NewEvent]) -> None:
    """Wait for the answers of those whom messages go to."""
    rows = [
        (
            one.source.number,
            one.event.reference,
            notice.subscriber.number,
            notice.notice_id,
            one.event_id,
            one.event.reply_by,
        )
        for one in events
        if one.event.reply_by is not None
        for notice in one.notices
    ]
    if rows:
        await connection.execute(SQL.add_submissions, *_columns(rows, 6))


def _event_row(one: NewEvent) -> tuple[Any, ...]:
    event = one.event
    return (
        one.source.number,
        event.reference,
        one.event_id,
        event.person.number,
        one.contract.code,
        one.contract.version,
        event.kind.value,
        event.attestation,
        one.step,
        event.event_type,
        event.occurred_at,
        one.published_at,
        one.digest,
        json.dumps([_addressee_json(addressee) for addressee in one.addressees]),
    )


def _addressee_json(one: Addressee) -> list[Any]:
    place = None if one.place is None else [one.place.sector, one.place.institution]
    notice = None if one.notice_id is None else str(one.notice_id)
    return [one.organization.number, place, one.quality_code, notice, one.refusal_code]


def _addressees(text: str) -> tuple[Addressee, ...]:
    return tuple(
        Addressee(
            EnterpriseNumber(number),
            None if place is None else SectorInstitution(*place),
            quality_code,
            None if notice_id is None else UUID(notice_id),
            *refusal_code,
        )
        # What was kept before refusals were has none.
        for number, place, quality_code, notice_id, *refusal_code in json.loads(text)
    )


def _columns(rows: Any, width: int) -> list[list[Any]]:
    """Rows as columns, as many even if there is no row."""
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]


def _count(tag: str) -> int:
    """How many rows a statement says that it changed."""
    return int(tag.rpartition(" ")[2])
