"""A person's dossiers as a row, and back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.concepts.period import Period
from services.directory.model import Dossier, OrganizationKey, QualityCode
from services.directory.store.reading import SQL
from services.directory.store.spread import Spread

Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
Kept = dict[Dossier, datetime | None]
"""Dossiers, each with the instant at which it was recorded; nothing for what is new."""


async def lock_dossiers(
    connection: Connection, persons: Iterable[int], spread: Spread
) -> dict[int, Kept]:
    """The dossiers of some persons, who are locked in the order of their numbers."""
    ordered = sorted(persons)
    rows = await (
        connection.fetch(SQL.lock_dossiers, ordered)
        if spread is Spread.ONE
        else connection.fetchmany(SQL.lock_dossiers_of_one, [(one,) for one in ordered])
    )
    return {row["ssin"]: _kept(row) for row in rows}


async def write(
    connection: Connection, before: Mapping[int, Kept], after: Mapping[int, Kept]
) -> None:
    """Write the persons in `after`, who are there already if they are in `before`.

    A person who is new waits for whoever opens the same one, so those too go in the order of their
    numbers: no two that write wait for each other in a ring.
    """
    ordered = sorted(after.items())
    for statement, known in ((SQL.open_person, False), (SQL.change_person, True)):
        rows = [_row(number, kept) for number, kept in ordered if (number in before) is known]
        if rows:
            await connection.executemany(statement, rows)


def kept_with(known: Kept, wanted: Iterable[Dossier]) -> Kept:
    """The dossiers that are wanted; what was known keeps its instant of recording."""
    return {one: known.get(one) for one in wanted}


def dossier(organization: int, quality: int, phase: int, begin: date, end: date) -> Dossier:
    """A dossier from its columns; a last day of `infinity` is none."""
    period = Period(begin, None if end == date.max else end)
    return Dossier(OrganizationKey(organization), QualityCode(quality), phase, period)


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
    return {dossier(*one): recorded_at for *one, recorded_at in columns}


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
