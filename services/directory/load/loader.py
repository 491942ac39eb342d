"""What a load job does with its files: one kind after the other, each file whole or not at all."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import structlog

from services.concepts.code_lists import code_lists
from services.concepts.failures import Failure
from services.concepts.problems import Problem
from services.concepts.reviewed import LoadRefused, Written, read_yaml
from services.directory.errors import DossierOverlaps
from services.directory.load import organizations
from services.directory.load.dossiers import DossierLines
from services.directory.model import Registration
from services.directory.store import PostgresShelf, PostgresStore
from services.kit.clock import belgian_day, utc_now
from services.kit.postgres import pool

DOSSIERS = (".jsonl", ".csv")
"""How the names of files with dossiers end; all others hold YAML."""

log = structlog.get_logger()


async def load_files(dsn: str, files: Sequence[Path]) -> bool:
    """Load the files as the database's owner; whether none was refused."""
    async with pool(dsn, name="directory-load", most=1) as opened:
        return await Loader(PostgresStore(opened), PostgresShelf(opened)).load(files)


class Loader:
    """Loads one kind after the other, for what comes later speaks of what came before."""

    def __init__(self, store: PostgresStore, shelf: PostgresShelf) -> None:
        self._store = store
        self._shelf = shelf

    async def load(self, files: Sequence[Path]) -> bool:
        """Load the files, in the order of their kinds; whether none was refused."""
        accepted = True
        written: list[tuple[Path, Written]] = []
        for path in (path for path in files if path.suffix not in DOSSIERS):
            try:
                document = read_yaml(path)
                _check_kind(document)
                written.append((path, document))
            except LoadRefused as refused:
                accepted = _refuse(path, refused.problems)
        for path, document in written:
            accepted &= await self._load_organizations(path, document)
        for path in (path for path in files if path.suffix in DOSSIERS):
            accepted &= await self._load_dossiers(path)
        return accepted

    async def _load_organizations(self, path: Path, document: Written) -> bool:
        try:
            records = organizations.read(document.plain)
        except LoadRefused as refused:
            return _refuse(path, refused.problems, document)
        await self._store.keys_of(records)
        log.info("organizations loaded", file=path.name, organizations=len(records))
        return True

    async def _load_dossiers(self, path: Path) -> bool:
        today = belgian_day(utc_now())
        lines = DossierLines(await self._store.holders(), code_lists(), today)
        try:
            registered = await self._shelf.register(_registrations(path, lines))
        except LoadRefused as refused:
            return _refuse(path, refused.problems)
        except DossierOverlaps as overlap:
            return _refuse(path, list(_overlaps(overlap)))
        log.info("dossiers loaded", file=path.name, **asdict(registered))
        return True


def _check_kind(document: Written) -> None:
    if not isinstance(document.plain, dict) or "organizations" not in document.plain:
        raise LoadRefused([Problem("", "is of no kind that is loaded", 1)])


def _registrations(path: Path, lines: DossierLines) -> Iterator[Registration]:
    try:
        with path.open("rb") as file:
            yield from lines.read_csv(file) if path.suffix == ".csv" else lines.read_json(file)
    except OSError as fault:
        raise LoadRefused([Problem("", f"cannot be read: {fault.strerror}")]) from None


def _overlaps(failure: Failure) -> Iterator[Problem]:
    for violation in failure.violations:
        yield Problem("", violation.description, int(violation.field.removeprefix("line ")))
    if not failure.violations:
        yield Problem("", failure.message())


def _refuse(path: Path, problems: Sequence[Problem], document: Written | None = None) -> bool:
    for problem in problems:
        line = document.line(problem.field) if document is not None else problem.line
        log.error(
            "refused", file=path.name, line=line, field=problem.field, problem=problem.description
        )
    log.error("file not loaded", file=path.name, problems=len(problems))
    return False
