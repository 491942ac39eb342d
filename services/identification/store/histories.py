"""What is known of the persons of the registers, with its history, in PostgreSQL."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.ssin import Ssin
from services.identification.model.persons import (
    Given,
    Group,
    Identity,
    Origin,
    Proof,
    Version,
)
from services.identification.store.numbers import SQL
from services.identification.store.registers import day, number
from services.kit.postgres import retrying

_FOR_EVER = 9999


@dataclass(frozen=True)
class PostgresHistories:
    """Reads, as the service."""

    pool: "asyncpg.Pool | PoolConnectionProxy[asyncpg.Record]"

    async def history(self, ssin: Ssin) -> list[Version]:
        """All that was ever known, group by group."""
        rows = await retrying(lambda: self.pool.fetch(SQL.list_data, ssin.number))
        return [version(row) for row in rows]

    async def versions(self, ssin: Ssin) -> list[Version]:
        """All that is known now."""
        return [one for one in await self.history(ssin) if one.known_until is None]


def first_versions(identity: Identity, known_from: datetime) -> list[Version]:
    """The first versions of a person of whom only the identity was kept until now."""
    origin = identity.register.origin
    sex = {} if identity.sex is None else {"sex": f"SEX_{identity.sex.name}"}
    birth = identity.birth
    date = {"year": birth.year, "month": birth.month, "day": birth.day}
    held: dict[Group, dict[str, Any]] = {
        Group.NAME: {"last_name": identity.last_name, "first_names": list(identity.first_names)},
        Group.BIRTH: {"date": {part: value for part, value in date.items() if value}},
        Group.SEX: sex,
    }
    return [
        Version(Given(group, content), origin, identity.proof, known_from)
        for group, content in held.items()
        if content
    ]


async def add(
    connection: "PoolConnectionProxy[asyncpg.Record]", ssin: Ssin, versions: Iterable[Version]
) -> None:
    """Keep what is known from now on."""
    await connection.executemany(SQL.add_datum, [_columns(ssin, one) for one in versions])


async def close(
    connection: "PoolConnectionProxy[asyncpg.Record]",
    ssin: Ssin,
    versions: Sequence[Version],
    now: datetime,
) -> None:
    """Note that these versions are no longer the last word."""
    rows = [
        (ssin.number, one.given.group.value, _number(one.given.valid_from), now) for one in versions
    ]
    await connection.executemany(SQL.close_datum, rows)


def _number(day: IncompleteDate | None) -> int:
    return 0 if day is None else number(day)


def _columns(ssin: Ssin, version: Version) -> tuple[object, ...]:
    given, until = version.given, version.valid_until
    return (
        ssin.number,
        given.group.value,
        _number(given.valid_from),
        None if until is None else number(until),
        version.known_from,
        version.origin.value,
        version.proof.value,
        json.dumps(given.content),
    )


def version(row: asyncpg.Record) -> Version:
    """A version, from its row."""
    until, known_until = row["valid_until"], row["known_until"]
    return Version(
        Given(
            Group(row["kind"]),
            json.loads(row["content"]),
            day(row["valid_from"]) if row["valid_from"] else None,
        ),
        Origin(row["origin"]),
        Proof(row["proof"]),
        row["known_from"],
        None if until is None else day(until),
        # The driver gives infinity as the last instant it knows, and that without a zone.
        None if known_until.year == _FOR_EVER else known_until,
    )
