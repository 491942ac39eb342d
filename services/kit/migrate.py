"""Migrations of one service's database: `python -m services.kit.migrate services.directory`.

The files are `<package>/sql/migrations/0001_before_<what>.sql`: forward only, in the order of their
numbers, each in a transaction of its own, one job at a time. `before` files run before new code is
rolled out, `after` files once the old code is gone. What is applied is never edited: its digest is
kept and compared.
"""

import argparse
import asyncio
import hashlib
import importlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import structlog

from services.kit import logs
from services.kit.sessions import session
from services.kit.settings import OwnerSettings, load

log = structlog.get_logger()

LOCK = 0x63627373
"""The advisory lock that a migrating job holds; any number, the same for all ("cbss")."""

_NAME = re.compile(r"(\d{4})_(before|after)_[a-z0-9_]+\.sql")
_LEDGER = """
create table if not exists migration (
  number integer primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now()
)
"""
_LIMITS = "set local lock_timeout = '5s'; set local statement_timeout = '10min'"


class MigrationsDisagree(Exception):
    """What the files say and what the database went through are not the same story."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file."""

    number: int
    name: str
    phase: str
    text: str

    @property
    def sha256(self) -> str:
        """The digest that the database keeps of an applied file."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrations(folder: Path) -> list[Migration]:
    """The files of a folder in order; MigrationsDisagree if they do not number 1, 2, 3 ..."""
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        named = _NAME.fullmatch(path.name)
        if named is None:
            raise MigrationsDisagree(f"{path.name} is not NNNN_before_what.sql or NNNN_after_...")
        found.append(Migration(int(named[1]), path.stem, named[2], path.read_text()))
    for place, migration in enumerate(found, start=1):
        if migration.number != place:
            raise MigrationsDisagree(f"{migration.name} stands where number {place} belongs")
    return found


def pending(
    files: list[Migration], applied: dict[int, str], phase: str | None = None
) -> list[Migration]:
    """What is still to be applied, given the digests of what was.

    In the phase `before` the last `before` file ends the list: an `after` file in front of it is of
    an earlier release and overdue.
    """
    known = {migration.number: migration for migration in files}
    for number, sha256 in applied.items():
        if number not in known:
            raise MigrationsDisagree(f"the database knows number {number}, the files do not")
        if known[number].sha256 != sha256:
            raise MigrationsDisagree(f"{known[number].name} was edited after it was applied")
    left = [migration for migration in files if migration.number not in applied]
    if left and applied and left[0].number < max(applied):
        raise MigrationsDisagree(f"{left[0].name} was skipped")
    while phase == "before" and left and left[-1].phase == "after":
        left.pop()
    return left


async def migrate(dsn: str, package: str, phase: str | None = None) -> list[str]:
    """Apply what is pending as the database's owner; the names of what was applied now."""
    folder = Path(str(importlib.import_module(package).__file__)).parent / "sql" / "migrations"
    files = migrations(folder)
    async with session(dsn, name="migrate") as connection:
        await connection.execute("set lock_timeout = '60s'")
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        await connection.execute(_LEDGER)
        rows = await connection.fetch("select number, sha256 from migration order by number")
        todo = pending(files, {row["number"]: row["sha256"] for row in rows}, phase)
        for migration in todo:
            async with connection.transaction():
                await connection.execute(_LIMITS)
                await connection.execute(migration.text)
                await connection.execute(
                    "insert into migration (number, name, sha256) values ($1, $2, $3)",
                    migration.number,
                    migration.name,
                    migration.sha256,
                )
            log.info("migrated", package=package, migration=migration.name)
        return [migration.name for migration in todo]


def main() -> None:
    """The command; ends with code 1 when something could not be applied, and says what."""
    parser = argparse.ArgumentParser(prog="services.kit.migrate", description="Migrate a database.")
    parser.add_argument("package", help="for example services.directory")
    parser.add_argument("--phase", choices=("before", "after"), default=None)
    arguments = parser.parse_args()
    settings = load(OwnerSettings)
    logs.configure(settings.log_level, service=arguments.package.rpartition(".")[2])
    try:
        applied = asyncio.run(
            migrate(settings.database_owner_dsn, arguments.package, arguments.phase)
        )
    except (MigrationsDisagree, asyncpg.PostgresError, OSError) as fault:
        log.error("migration failed", **_told(fault))
        sys.exit(1)
    log.info("database up to date", package=arguments.package, applied=len(applied))


def _told(fault: Exception) -> dict[str, str | None]:
    """What may be logged: PostgreSQL's text only where it speaks of the schema (class 42), for
    elsewhere it may quote a row."""
    if not isinstance(fault, asyncpg.PostgresError):
        return {"fault": type(fault).__name__, "message": str(fault)}
    state = str(fault.sqlstate)
    told = {"fault": type(fault).__name__, "sqlstate": state, "constraint": fault.constraint_name}
    return told | {"message": str(fault)} if state.startswith("42") else told


if __name__ == "__main__":
    main()
