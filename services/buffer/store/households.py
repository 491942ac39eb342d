"""Who is in which household, of whom a source could not say anything, and which have told all."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.buffer.model import Membership, Silence, Whole
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.kit.postgres import retrying, statements

SQL = statements("services.buffer")
Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"


def place(row: asyncpg.Record) -> SectorInstitution:
    """Who says what a row holds."""
    return SectorInstitution(row["sector"], row["institution"])


def period(row: asyncpg.Record) -> Period:
    """The days of a row."""
    end = row["end_date"]
    return Period(row["begin_date"], None if end == date.max else end)


async def near(
    pool: asyncpg.Pool, persons: Collection[Ssin], today: date
) -> Mapping[Ssin, Sequence[Membership]]:
    """The households of persons, and who shares them."""
    numbers = [person.number for person in persons]
    rows = await retrying(lambda: pool.fetch(SQL.list_near_memberships, numbers, today))
    found: dict[Ssin, list[Membership]] = {}
    for row in rows:
        one = Membership(
            Ssin(row["ssin"]),
            row["scope"],
            row["household"],
            row["position"],
            period(row),
            place(row),
            row["as_of"],
            row["expires_on"],
        )
        found.setdefault(one.person, []).append(one)
    return found


async def silences(
    pool: asyncpg.Pool, persons: Collection[Ssin]
) -> Mapping[Ssin, Collection[SectorInstitution]]:
    """The sources that could not say anything of persons."""
    numbers = [person.number for person in persons]
    rows = await retrying(lambda: pool.fetch(SQL.list_silences, numbers))
    found: dict[Ssin, set[SectorInstitution]] = {}
    for row in rows:
        found.setdefault(Ssin(row["ssin"]), set()).add(place(row))
    return found


async def wholes(pool: asyncpg.Pool) -> list[Whole]:
    """The sources that have told all that they have."""
    rows = await retrying(lambda: pool.fetch(SQL.list_wholes))
    return [Whole(place(row), row["as_of"]) for row in rows]


async def store(connection: Connection, memberships: Sequence[Membership]) -> int:
    """Store memberships that are new; how many."""
    await connection.execute(SQL.create_fed_memberships)
    await connection.copy_records_to_table("fed_membership", records=map(_columns, memberships))
    await connection.execute(SQL.rename_fed_memberships)
    await connection.execute(SQL.close_overlapped)
    stored = await connection.execute(SQL.store_fed_memberships)
    return int(stored.rpartition(" ")[2])


async def note(connection: Connection, silent: Sequence[Silence], told: Sequence[Whole]) -> None:
    """Note of whom sources could not say anything, and which have told all."""
    for one in silent:
        at = one.supplier
        await connection.execute(
            SQL.store_silence, one.person.number, at.sector, at.institution, one.as_of
        )
    for whole in told:
        at = whole.supplier
        await connection.execute(SQL.store_whole, at.sector, at.institution, whole.as_of)


async def move(connection: Connection, old: int, new: int) -> None:
    """Move what is kept on a replaced number."""
    await connection.execute(SQL.move_memberships, old, new)
    await connection.execute(SQL.delete_memberships, old)
    await connection.execute(SQL.move_silences, old, new)
    await connection.execute(SQL.delete_silences, old)


def _columns(one: Membership) -> tuple[object, ...]:
    return (
        one.person.number,
        one.scope,
        one.period.begin,
        one.period.end or date.max,
        one.household,
        one.position,
        one.supplier.sector,
        one.supplier.institution,
        one.as_of,
        one.expires_on,
    )
