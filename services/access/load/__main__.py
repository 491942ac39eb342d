"""Loads organizations and deliberations from reviewed files, as the owner of the database.

A file with the key `organizations` is the onboarding file that the directory's load job reads too;
every other file is a deliberation. Ends with code 1, and every problem with its file, line and
field, when nothing could be stored.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog

from services.access.load import files
from services.access.load.contracts import shipped_contracts
from services.access.rules.reviews import review
from services.access.store.parties import known_parties
from services.access.store.postgres import PostgresStore
from services.concepts.dated import Problem
from services.concepts.failures import Failure
from services.kit import logs
from services.kit.postgres import pool
from services.kit.settings import OwnerSettings, load

log = structlog.get_logger()


async def load_files(dsn: str, paths: Sequence[Path]) -> list[Problem]:
    """Store what stands in the files; what kept it from being stored, nothing if it is."""
    read = files.read(paths)
    problems = [*read.problems]
    async with pool(dsn, name="access-load", most=1) as connections:
        store = PostgresStore(connections)
        texts = [one.deliberation for one in read.reviewed]
        held = await store.holdings()
        parties = known_parties((*held.organizations, *read.organizations))
        for finding in review(texts, held.deliberations, shipped_contracts(), parties):
            problems.append(
                read.reviewed[finding.index].problem(finding.field, finding.description)
            )
        if not problems:
            changed = await store.enact(texts, read.organizations)
            log.info(
                "files stored",
                deliberations=len(texts),
                organizations=len(read.organizations),
                rows_added=changed,
            )
    return problems


def main() -> None:
    """The command."""
    paths = [Path(argument) for argument in sys.argv[1:]]
    if not paths:
        sys.exit("usage: python -m services.access.load FILE...")
    settings = load(OwnerSettings)
    logs.configure(settings.log_level, service="access-load")
    try:
        problems = asyncio.run(load_files(settings.database_owner_dsn, paths))
    except Failure as failure:
        log.error("files refused", reason=failure.reason(), **failure.facts)
        sys.exit(1)
    for problem in problems:
        log.error(
            "file refused",
            file=problem.file,
            line=problem.line,
            field=problem.field,
            description=problem.description,
        )
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
