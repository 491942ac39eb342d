"""Load reviewed files into the directory, as the owner of its database:

    python -m services.directory.load [FILE...]

Each file is loaded as a whole or refused as a whole, with every problem and its file and line.
Loading a file again changes nothing. Files of which the right lines are to be loaded and the others
reported are for `services.directory.bulk`. Files are taken in this order, whatever the order given.

Organizations: the file that `services.registry.load` reads, which is where they are registered. The
directory only gives each a key, so that dossiers can name it before it was ever heard of.

Dossiers: a file named *.jsonl with one object a line, or *.csv with a first line that names the
columns, nothing quoted. `phase` (a number, 0) and `end_date` (still open) may be left out; in CSV
they are then empty. Days are yyyy-mm-dd. Examples:

    {"ssin":"71713000318","cbe_number":"0899990348","quality_code":"002","begin_date":"2020-01-01"}

    ssin,cbe_number,quality_code,phase,begin_date,end_date
    71713000318,0899990348,002,1,2020-01-01,2021-12-31

A dossier is known by ssin, cbe_number, quality_code and begin_date. A line that agrees in these
corrects phase and end_date, and what it replaces is kept as history; a line that overlaps another
dossier of the same person, organization and quality is refused. Nothing is ever removed. Jobs run
side by side; they do not wait for each other when each has persons of its own.

The environment names the database: DATABASE_OWNER_DSN_FILE. Ends with code 1 if a file is refused
or the database fails, with 2 if the command makes no sense.
"""

import argparse
import asyncio
import sys
from pathlib import Path

import asyncpg
import structlog

from services.concepts.failures import Failure
from services.directory.load.loader import load_files
from services.kit import logs
from services.kit.settings import OwnerSettings, load

log = structlog.get_logger()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="services.directory.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    files = arguments.files
    if not files:
        parser.error("name a file")
    settings = load(OwnerSettings)
    logs.configure(settings.log_level, service="directory")
    try:
        accepted = asyncio.run(load_files(settings.database_owner_dsn, files))
    except (Failure, asyncpg.PostgresError, OSError) as fault:
        # PostgreSQL's own text may quote a row.
        state = {"sqlstate": fault.sqlstate} if isinstance(fault, asyncpg.PostgresError) else {}
        log.error("load failed", fault=type(fault).__name__, **state)
        sys.exit(1)
    sys.exit(0 if accepted else 1)


if __name__ == "__main__":
    main()
