"""Loads deliberations from reviewed files, as the owner of the database.

Ends with code 1, and every problem with its file, line and field, when nothing could be stored.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog

from services.access.load import files
from services.access.load.contracts import shipped_contracts
from services.access.rules.reviews import review
from services.access.store.postgres import PostgresStore
from services.concepts.failures import Failure
from services.kit import logs
from services.kit.postgres import pool
from services.kit.settings import OwnerSettings, load

log = structlog.get_logger()


async def load_deliberations(dsn: str, paths: Sequence[Path]) -> list[files.Problem]:
    """Store what stands in the files; what kept it from being stored, nothing if it is."""
    reviewed, problems = files.read(paths)
    async with pool(dsn, name="access-load", most=1) as connections:
        store = PostgresStore(connections)
        texts = [one.deliberation for one in reviewed]
        for finding in review(texts, await store.deliberations(), shipped_contracts()):
            problems.append(reviewed[finding.index].problem(finding.field, finding.description))
        if not problems:
            changed = await store.enact(texts)
            log.info("deliberations stored", deliberations=len(texts), rows_changed=changed)
    return problems


def main() -> None:
    """The command."""
    paths = [Path(argument) for argument in sys.argv[1:]]
    if not paths:
        sys.exit("usage: python -m services.access.load FILE...")
    settings = load(OwnerSettings)
    logs.configure(settings.log_level, service="access-load")
    try:
        problems = asyncio.run(load_deliberations(settings.database_owner_dsn, paths))
    except Failure as failure:
        log.error("deliberations refused", reason=failure.reason(), **failure.facts)
        sys.exit(1)
    for problem in problems:
        log.error(
            "deliberation refused",
            file=problem.file,
            line=problem.line,
            field=problem.field,
            description=problem.description,
        )
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
