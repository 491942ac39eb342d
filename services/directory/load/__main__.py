"""Load files into the directory: `python -m services.directory.load FILE...`."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import structlog
import yaml

from services.concepts.failures import Failure
from services.directory.load import contracts, organizations
from services.directory.load.code_lists import code_lists
from services.directory.load.dossiers import DossierLines
from services.directory.load.refusal import LoadRefused, Problem
from services.directory.store import PostgresShelf, PostgresStore
from services.kit import logs
from services.kit.clock import belgian_day, utc_now
from services.kit.postgres import pool
from services.kit.settings import OwnerSettings, load

ABOUT = """\
Each file is loaded as a whole or refused as a whole, with every problem and its place; loading a
file again changes nothing. Kinds are told by the content and loaded in this order:

  organizations   YAML with the key `organizations`: onboarding records
  data contracts  YAML with the key `data_contract`, dates and sources; the project's own are loaded
                  with --shipped-contracts
  dossiers        a file named *.jsonl, one object a line: ssin, cbe_number, quality_code,
                  begin_date, and optionally phase (0) and end_date (open)

The environment names the database: DATABASE_OWNER_DSN_FILE. Ends with code 1 if a file is refused.
"""

log = structlog.get_logger()


class Loader:
    """Loads one kind after the other."""

    def __init__(self, store: PostgresStore, shelf: PostgresShelf) -> None:
        self._store = store
        self._shelf = shelf

    async def load(self, files: Sequence[Path]) -> bool:
        """Load the files, in the order of their kinds; whether none was refused."""
        dossiers = [path for path in files if path.suffix == ".jsonl"]
        written: dict[str, list[tuple[Path, object]]] = {"organizations": [], "data_contract": []}
        accepted = True
        for path in files:
            if path not in dossiers:
                kind, plain = _read(path)
                if kind in written:
                    written[kind].append((path, plain))
                else:
                    accepted = _refuse(path, [Problem("file", kind)])
        for path, plain in written["organizations"]:
            accepted &= await self._load_organizations(path, plain)
        for path, plain in written["data_contract"]:
            accepted &= await self._load_contract(path, plain)
        for path in dossiers:
            accepted &= await self._load_dossiers(path)
        return accepted

    async def _load_organizations(self, path: Path, plain: object) -> bool:
        try:
            known = (await self._store.holdings()).keys
            records = organizations.read(plain, list(known))
        except LoadRefused as refused:
            return _refuse(path, refused.problems)
        await self._shelf.store_organizations(records)
        log.info("organizations loaded", file=path.name, organizations=len(records))
        return True

    async def _load_contract(self, path: Path, plain: object) -> bool:
        try:
            contract = contracts.read(plain)
        except LoadRefused as refused:
            return _refuse(path, refused.problems)
        await self._shelf.store_contracts([contract])
        log.info("data contract loaded", file=path.name, data_contract=str(contract.name))
        return True

    async def _load_dossiers(self, path: Path) -> bool:
        today = belgian_day(utc_now())
        lines = DossierLines(await self._store.holdings(), code_lists(), today)
        try:
            with path.open("rb") as file:
                registered = await self._shelf.register(lines.read(file))
        except OSError as fault:
            return _refuse(path, [Problem("file", f"cannot be read: {fault.strerror}")])
        except LoadRefused as refused:
            return _refuse(path, refused.problems)
        except Failure as failure:
            found = [Problem(one.field, one.description) for one in failure.violations]
            return _refuse(path, found or [Problem("file", failure.message())])
        log.info("dossiers loaded", file=path.name, **asdict(registered))
        return True


def _read(path: Path) -> tuple[str, object]:
    """What kind a YAML file is of, and what it holds; or why it is of none."""
    try:
        plain = yaml.safe_load(path.read_text("utf-8"))
    except OSError as fault:
        return f"cannot be read: {fault.strerror}", None
    except (ValueError, yaml.YAMLError):
        return "is no YAML", None
    for kind in ("organizations", "data_contract"):
        if isinstance(plain, dict) and kind in plain:
            return kind, plain
    return "is of no kind that is loaded", None


def _refuse(path: Path, problems: Sequence[Problem]) -> bool:
    for problem in problems:
        log.error("refused", file=path.name, where=problem.where, problem=problem.what)
    log.error("file not loaded", file=path.name, problems=len(problems))
    return False


async def run(dsn: str, files: Sequence[Path]) -> bool:
    """Load the files as the database's owner; whether none was refused."""
    async with pool(dsn, name="directory-load", most=1) as opened:
        return await Loader(PostgresStore(opened), PostgresShelf(opened)).load(files)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="services.directory.load",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--shipped-contracts", action="store_true")
    arguments = parser.parse_args()
    files = [*arguments.files, *(contracts.shipped() if arguments.shipped_contracts else [])]
    if not files:
        parser.error("name a file, or --shipped-contracts")
    settings = load(OwnerSettings)
    logs.configure(settings.log_level, service="directory")
    if not asyncio.run(run(settings.database_owner_dsn, files)):
        sys.exit(1)


if __name__ == "__main__":
    main()
