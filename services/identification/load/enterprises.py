"""Import enterprises: `python -m services.identification.load.enterprises FOLDER`."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import structlog

from services.identification.load.extract import ExtractRefused, read
from services.identification.model.enterprises import Missing
from services.identification.store.extracts import EstablishmentsAstray, PostgresImport
from services.kit import logs
from services.kit.clock import belgian_day, utc_now
from services.kit.postgres import pool
from services.kit.settings import OwnerSettings, load

ABOUT = """\
The folder holds an extract of the open data of the Crossroads Bank for Enterprises: meta.csv,
enterprise.csv, establishment.csv, denomination.csv and address.csv. It is imported as a whole or
refused as a whole with the first thing that cannot be used; importing it again changes nothing. It
is all that is active on its day: what it lacks has ceased on that day, unless it was registered
later. An extract that is older than the last one, is empty, or would end more than a small share of
what is known, is refused. An establishment that another enterprise has in a later extract moved on
the day of that extract.
The environment names the database: DATABASE_OWNER_DSN_FILE. Ends with code 1 if it is refused.
"""

SMALL_SHARE = 0.02
"""How much of what is known may have ceased since the last extract: in a month it is a third of a
hundredth, and an extract that was cut short lacks far more."""
FEW = 5
"""How many may have ceased in any case."""

log = structlog.get_logger()


async def import_extract(dsn: str, folder: Path) -> tuple[int, int]:
    """Import the extract as the database's owner; how many enterprises and establishments."""
    extract = read(folder)
    if extract.day > belgian_day(utc_now()) + timedelta(days=1):
        raise ExtractRefused("meta.csv: SnapshotDate lies in the future")
    if not extract.enterprises:
        raise ExtractRefused("enterprise.csv holds no enterprise")

    def judge(last: date | None, missing: Sequence[Missing]) -> None:
        if last is not None and extract.day < last:
            raise ExtractRefused(f"meta.csv: an extract of {last} was imported already")
        for one in missing:
            if one.missing > max(FEW, SMALL_SHARE * one.known):
                told = f"{one.missing} of {one.known} that are known"
                raise ExtractRefused(f"{one.kind}.csv lacks {told}: too many to have ceased")

    async with pool(dsn, name="identification-load", most=1) as opened:
        try:
            missing = await PostgresImport(opened).store(
                extract.enterprises, extract.establishments, extract.day, judge
            )
        except EstablishmentsAstray as astray:
            told = f"establishment {astray.strays[0]} belongs to an enterprise nobody knows"
            raise ExtractRefused(told) from None
    log.info("ceased", **{f"{one.kind}s": one.missing for one in missing})
    return len(extract.enterprises), len(extract.establishments)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="services.identification.load.enterprises",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    settings = load(OwnerSettings)
    logs.configure(settings.log_level, service="identification")
    try:
        counted = asyncio.run(import_extract(settings.database_owner_dsn, arguments.folder))
    except ExtractRefused as refused:
        log.error("refused", folder=arguments.folder.name, problem=str(refused))
        sys.exit(1)
    enterprises, establishments = counted
    log.info("imported", enterprises=enterprises, establishments=establishments)


if __name__ == "__main__":
    main()
