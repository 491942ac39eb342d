"""The job, from the command line: `python -m services.audit.retention --help`."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import structlog

from services.audit.log.store.places import PostgresPlaces
from services.audit.retention.acts import forgetting, freezing, purging
from services.audit.retention.duties import KINDS, OwnedDuties
from services.audit.retention.forgetting import MonthNotMerged, OwnedMonths
from services.audit.retention.rotation import Rotation
from services.audit.retention.rules import expired_months, kept_from
from services.audit.retention.settings import Settings
from services.audit.trail.month_keys import Months
from services.audit.trail.month_names import month_name, parse_month_name
from services.audit.trail.store.records import PostgresRecords
from services.audit.trail.store.replacements import PostgresReplacements
from services.audit.trail.store.wrapped_keys import PostgresMonths
from services.audit.trail.subjects import SubjectKeys
from services.audit.trail.usecases.trail import Trail
from services.concepts.retention import retentions
from services.kit.clock import belgian_day, utc_now
from services.kit.ids import uuid7
from services.kit.postgres import pool
from services.kit.sessions import session
from services.kit.settings import load

log = structlog.get_logger()


def main() -> None:
    """The command; ends with code 1 when what was asked could not be done."""
    parser = argparse.ArgumentParser(prog="services.audit.retention", description=__doc__)
    asked = parser.add_subparsers(dest="what", required=True)
    asked.add_parser("forget", help="forget the months that the law no longer wants kept")
    asked.add_parser("purge", help="delete the reports and decisions that need not be kept longer")
    asked.add_parser("rewrap", help="put everything under the current secret")
    freeze = asked.add_parser("freeze", help="keep a month for a running inquiry")
    freeze.add_argument("month", type=parse_month_name, help="such as 2026-11")
    freeze.add_argument("--reason", required=True, help="which inquiry")
    thaw = asked.add_parser("thaw", help="no longer keep a month for an inquiry")
    thaw.add_argument("month", type=parse_month_name, help="such as 2026-11")
    given = parser.parse_args()
    settings = load(Settings)
    if not asyncio.run(run_command(settings, given, belgian_day(utc_now()))):
        sys.exit(1)


async def run_command(settings: Settings, given: argparse.Namespace, today: date) -> bool:
    """Do what was asked; whether that was possible."""
    keys = SubjectKeys.read(settings.subject_keys_file)
    async with session(settings.database_owner_dsn, name="retention") as connection:
        months = OwnedMonths(connection)
        if given.what == "rewrap":
            await months.rewrap(keys, lambda month: log.info("wrapped", month=month_name(month)))
            return await rotate(Rotation(connection, keys))
        if given.what in ("forget", "purge"):
            async with _trail(settings.database_owner_dsn, keys) as trail:
                if given.what == "purge":
                    await purge(trail, OwnedDuties(connection), today)
                    return True
                return await forget(trail, months, today)
        reason = given.reason if given.what == "freeze" else None
        async with _trail(settings.database_owner_dsn, keys) as trail:
            found = await freeze(trail, months, given.month, reason)
        log.info(given.what, month=month_name(given.month), found=found)
        return found


async def freeze(trail: Trail, months: OwnedMonths, month: int, reason: str | None) -> bool:
    """Keep a month for an inquiry, or no longer; that it is recorded comes before. Whether there is
    such a month."""
    if not any(one.month == month and not one.is_forgotten for one in await months.all()):
        return False
    await trail.record([freezing(month, reason, uuid7, utc_now())])
    return await months.freeze(month, reason)


async def forget(trail: Trail, months: OwnedMonths, today: date) -> bool:
    """Forget what is due; every month is recorded in the log before it goes."""
    for month in expired_months(await months.all(), retentions(), today):
        try:
            await trail.record([forgetting(month.month, uuid7, utc_now())])
            await months.forget(month.month)
        except MonthNotMerged as fault:
            log.error(str(fault.__doc__), month=month_name(month.month))
            return False
        log.info("forgotten", month=month_name(month.month))
    return True


async def rotate(rotation: Rotation) -> bool:
    """Hide anew what is outside the log; whether no older secret is needed any more."""
    whole = await rotation.rotate(lambda what, count: log.info("rotated", what=what, count=count))
    if not whole:
        log.error("something is still added under another secret: restart what serves, do it again")
    return whole


async def purge(trail: Trail, duties: OwnedDuties, today: date) -> None:
    """Delete reports and decisions that are due; every run is recorded in the log before."""
    for kind in KINDS:
        before = kept_from(retentions(kind.name), today)
        count = await duties.due(kind, before)
        await trail.record([purging(kind.name, before, count, uuid7, utc_now())])
        await duties.purge(
            kind, before, lambda what, gone: log.info("purged", what=what, count=gone)
        )


@asynccontextmanager
async def _trail(dsn: str, keys: SubjectKeys) -> AsyncIterator[Trail]:
    """The trail, as its owner adds to it."""
    async with pool(dsn, name="retention") as opened, PostgresRecords(opened) as records:
        yield Trail(
            records,
            PostgresReplacements(opened),
            Months(PostgresMonths(opened), keys, utc_now),
            keys,
            PostgresPlaces(opened),
        )


if __name__ == "__main__":
    main()
