"""Reads all that the registry keeps off its database into one file, as its owner:

    python -m services.registry.load.archive [--coming] FILE

The file is a `cbss.registry.v1.Archive`: what is in force, every act, and where the two differ.
Jobs of other services that run beside the mesh read it: whoever proves the trail, reports on how
the network is used, or reviews deliberations. With --coming the snapshot holds what is approved
and waits for the trail too: what a mesh will begin with.

The environment names the database: DATABASE_OWNER_DSN_FILE. Ends with code 1 if it fails; that
something differs is told in the file, to whoever proves it.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import structlog

from services.concepts.code_lists import code_lists
from services.concepts.failures import Failure
from services.concepts.reference import Reference
from services.kit.clock import utc_now
from services.kit.files import replace_file
from services.kit.postgres import pool
from services.kit.settings import OwnerSettings, load
from services.registry.model import Act
from services.registry.rules import acts, changes
from services.registry.rules.proofs import WHOLE, differing
from services.registry.store import PostgresStore
from services.registry.wire import Travelling, encode_archive

log = structlog.get_logger()


async def read_archive(dsn: str, *, coming: bool = False) -> bytes:
    """The archive of a database."""
    async with pool(dsn, name="registry-archive", most=1) as opened:
        form = Travelling()
        head, kept = await PostgresStore(opened, form).archive()
    at = utc_now()
    held = form.read(head)
    wrong = differing(held, kept, code_lists())
    if form.write(held).digest != head.digest and head.version:
        wrong.append(WHOLE)
    if coming:
        head = form.write(with_waiting(held, kept))
    return encode_archive(head, kept, wrong, at)


def with_waiting(held: Reference, kept: Sequence[Act]) -> Reference:
    """What is in force, with what is approved and waits for the trail only."""
    for act in acts.waiting(kept):
        held = changes.apply_change(act.changes, held, code_lists())
    return held


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="services.registry.load.archive",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--coming", action="store_true")
    given = parser.parse_args()
    settings = load(OwnerSettings)
    try:
        content = asyncio.run(read_archive(settings.database_owner_dsn, coming=given.coming))
        replace_file(given.file, content, mode=0o600)
    except (Failure, asyncpg.PostgresError, OSError) as fault:
        # PostgreSQL's own text may quote a row.
        log.error("archive not read", fault=type(fault).__name__)
        sys.exit(1)


if __name__ == "__main__":
    main()
