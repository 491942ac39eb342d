"""Import enterprises: `python -m services.identification.load.enterprises FOLDER`."""

import argparse
import asyncio
import sys
from pathlib import Path

import structlog

from services.identification.load.extract import ExtractRefused, read
from services.identification.store.enterprises import PostgresImport
from services.kit import logs
from services.kit.postgres import pool
from services.kit.settings import OwnerSettings, load

ABOUT = """\
The folder holds an extract of the open data of the Crossroads Bank for Enterprises: meta.csv,
enterprise.csv, establishment.csv, denomination.csv and address.csv. It is imported as a whole or
refused as a whole with the first thing that cannot be used; importing it again changes nothing. An
establishment that another enterprise has in a later extract moved on the day of that extract.
The environment names the database: DATABASE_OWNER_DSN_FILE. Ends with code 1 if it is refused.
"""

log = structlog.get_logger()


async def import_extract(dsn: str, folder: Path) -> tuple[int, int]:
    """Import the extract as the database's owner; how many enterprises and establishments."""
    extract = read(folder)
    async with pool(dsn, name="identification-load", most=1) as opened:
        strays = await PostgresImport(opened).store(
            extract.enterprises, extract.establishments, extract.day
        )
    if strays:
        raise ExtractRefused(f"establishment {strays[0]} belongs to an enterprise nobody knows")
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
