"""Jobs on dossiers by the million, as the owner of the directory's database:

    python -m services.directory.bulk load FILE --report REPORT
    python -m services.directory.bulk export FOLDER
    python -m services.directory.bulk reconcile FILE --cbe-number NUMBER --day DAY --report REPORT
                                                [--confirm]
    python -m services.directory.bulk figures [MONTH...]

load takes a CSV file as `services.directory.load` does, but loads what is right of it and writes
the other lines to the report, with the reasons. Started again after an interruption it goes on.
export writes one CSV file for each part of the table; those that are there already are left, so
that it can be taken up again. Replaced numbers (999) are not exported.
reconcile compares an institution's full list of the dossiers that are active on a day with what is
held, and writes the differences to the report; with --confirm it makes them changes, all or none.
figures counts what was known at the end of months (yyyy-mm); of the last whole one if none is
named.

Reports and exports name persons. The environment names the database: DATABASE_OWNER_DSN_FILE. Ends
with code 1 if a file is refused or the database fails.
"""

import argparse
import asyncio
import calendar
import sys
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import structlog

from services.concepts.code_lists import code_lists
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import Failure
from services.concepts.reviewed import LoadRefused
from services.directory.bulk import reconciling
from services.directory.bulk.loading import BulkLoad
from services.directory.bulk.reconciling import Reconciliation
from services.directory.bulk.settings import Settings
from services.directory.load.dossiers import DossierLines
from services.directory.model import Loaded, Progress
from services.directory.store import PostgresBulk, PostgresShelf, PostgresStore
from services.kit import logs
from services.kit.clock import belgian_day, utc_now
from services.kit.postgres import pool
from services.kit.settings import load

Job = Callable[[asyncpg.Pool, argparse.Namespace], Coroutine[Any, Any, None]]
log = structlog.get_logger()


async def _load(opened: asyncpg.Pool, given: argparse.Namespace) -> None:
    def told(progress: Progress, loaded: Loaded) -> None:
        counts = {"lines": progress.lines, "rejected": progress.rejected}
        log.info("dossiers loaded so far", **counts, **asdict(loaded))

    work = BulkLoad(PostgresBulk(opened), await _lines(opened), told)
    done = await work.load(given.file, given.report)
    log.info("file loaded", file=given.file.name, lines=done.lines, rejected=done.rejected)


async def _export(opened: asyncpg.Pool, given: argparse.Namespace) -> None:
    bulk = PostgresBulk(opened)
    given.folder.mkdir(mode=0o700, exist_ok=True)
    for part in await bulk.parts():
        whole, unfinished = given.folder / f"{part}.csv", given.folder / f"{part}.unfinished"
        if not whole.exists():
            dossiers = await bulk.export(part, unfinished)
            unfinished.rename(whole)
            log.info("part exported", file=whole.name, dossiers=dossiers)


async def _reconcile(opened: asyncpg.Pool, given: argparse.Namespace) -> None:
    number = parse_enterprise_number(given.cbe_number)
    keys = {one.number: one.key for one in await PostgresStore(opened).holders()}
    if number not in keys:
        raise SystemExit("the number is not of an organization of the network")
    bulk, shelf = PostgresBulk(opened), PostgresShelf(opened)
    work = Reconciliation(bulk, shelf, number, keys[number], given.day)
    lines = await _lines(opened)
    with given.file.open("rb") as file:
        differences = await work.compare(lines.read_csv(file))
    reconciling.write(differences, given.report)
    log.info("list compared", file=given.file.name, differences=len(differences))
    if given.confirm:
        log.info("directory changed", **asdict(await work.apply(differences)))


async def _figures(opened: asyncpg.Pool, given: argparse.Namespace) -> None:
    for month in given.months or [last_month(belgian_day(utc_now()))]:
        last = calendar.monthrange(month.year, month.month)[1]
        await PostgresBulk(opened).count_figures(month, month.replace(day=last))
        log.info("figures counted", month=f"{month:%Y-%m}")


async def _lines(opened: asyncpg.Pool) -> DossierLines:
    holders = await PostgresStore(opened).holders()
    return DossierLines(holders, code_lists(), belgian_day(utc_now()))


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def last_month(today: date) -> date:
    """The first day of the last month that is over."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def _parser() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="services.directory.bulk", description=__doc__, formatter_class=form
    )
    jobs = parser.add_subparsers(required=True, metavar="JOB")
    loading = jobs.add_parser("load")
    loading.add_argument("file", type=Path)
    loading.add_argument("--report", type=Path, required=True)
    loading.set_defaults(job=_load)
    exporting = jobs.add_parser("export")
    exporting.add_argument("folder", type=Path)
    exporting.set_defaults(job=_export)
    comparing = jobs.add_parser("reconcile")
    comparing.add_argument("file", type=Path)
    comparing.add_argument("--cbe-number", required=True)
    comparing.add_argument("--day", type=date.fromisoformat, required=True)
    comparing.add_argument("--report", type=Path, required=True)
    comparing.add_argument("--confirm", action="store_true")
    comparing.set_defaults(job=_reconcile)
    counting = jobs.add_parser("figures")
    counting.add_argument("months", type=_month, nargs="*", metavar="MONTH")
    counting.set_defaults(job=_figures)
    return parser


def main() -> None:
    """The command."""
    given = _parser().parse_args()
    settings = load(Settings)
    logs.configure(settings.log_level, service="directory")
    try:
        asyncio.run(_run(settings.database_owner_dsn, given))
    except LoadRefused as refused:
        for problem in refused.problems:
            log.error(
                "refused", line=problem.line, field=problem.field, problem=problem.description
            )
        sys.exit(1)
    except (Failure, asyncpg.PostgresError, OSError) as fault:
        # PostgreSQL's own text may quote a row.
        state = {"sqlstate": fault.sqlstate} if isinstance(fault, asyncpg.PostgresError) else {}
        log.error("job failed", fault=type(fault).__name__, **state)
        sys.exit(1)


async def _run(dsn: str, given: argparse.Namespace) -> None:
    job: Job = given.job
    async with pool(dsn, name="directory-bulk", most=1) as opened:
        await job(opened, given)


if __name__ == "__main__":
    main()
