"""Loads deliberations from reviewed files, as the owner of the database:

    python -m services.access.load --registry ARCHIVE FILE...

The archive says which organizations and data contracts a deliberation can name: what
`python -m services.registry.load.archive --coming` reads off the registry. The environment names
the database: DATABASE_OWNER_DSN_FILE. Ends with code 1, and every problem with its file, line and
field, when nothing could be stored.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog

from services.access.load import files
from services.access.load.contracts import known_contracts
from services.access.rules.reviews import review
from services.access.store.parties import known_members
from services.access.store.postgres import PostgresStore
from services.concepts.failures import Failure
from services.concepts.problems import Problem
from services.concepts.reference import Reference
from services.kit import logs
from services.kit.postgres import pool
from services.kit.settings import OwnerSettings, load
from services.wire.references import decode_archive

log = structlog.get_logger()


async def load_files(dsn: str, registry: Reference, paths: Sequence[Path]) -> list[Problem]:
    """Store what stands in the files; what kept it from being stored, nothing if it is."""
    read = files.read(paths)
    problems = [*read.problems]
    async with pool(dsn, name="access-load", most=1) as connections:
        store = PostgresStore(connections)
        texts = [one.deliberation for one in read.reviewed]
        held = await store.holdings()
        contracts = known_contracts(registry)
        parties = known_members(registry.organizations.values())
        for finding in review(texts, held.deliberations, contracts, parties):
            problems.append(
                read.reviewed[finding.index].problem(finding.field, finding.description)
            )
        if not problems:
            changed = await store.enact(texts)
            log.info("files stored", deliberations=len(texts), rows_added=changed)
    return problems


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="services.access.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--registry", type=Path, required=True, metavar="ARCHIVE")
    given = parser.parse_args()
    settings = load(OwnerSettings)
    logs.configure(settings.log_level, service="access-load")
    try:
        _, registry = decode_archive(given.registry.read_bytes())
        problems = asyncio.run(load_files(settings.database_owner_dsn, registry, given.files))
    except OSError as fault:
        log.error("files refused", file=str(given.registry), fault=type(fault).__name__)
        sys.exit(1)
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
