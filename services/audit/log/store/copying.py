"""Records copied out of PostgreSQL as they are, and the grounds that they name."""

import asyncpg

from services.audit.trail.store.leaves import (
    ROOM,
    Hashed,
    by_number,
    filing,
    filings_in,
    frame,
    ground_in,
    hash_leaves,
)
from services.kit.postgres import statements

SQL = statements("services.audit")


async def copied_records(
    connection: asyncpg.Connection, after: int, until: int, most: int | None = None
) -> bytes:
    """The records after a place and up to another, in the order of recording, in binary."""
    parts: list[bytes] = []

    async def keep(part: bytes) -> None:
        parts.append(part)

    # The numbers are of our own making: a copy takes no parameters.
    query = SQL.copy_records.format(after=int(after), until=int(until), most=most or "all")
    await connection.copy_from_query(query, output=keep, format="binary")
    return b"".join([*parts, ROOM])


async def known_grounds(connection: asyncpg.Connection) -> dict[bytes, bytes]:
    """All grounds."""
    return _known(await connection.fetch(SQL.list_grounds_after, 0))


async def hashed_records(
    connection: asyncpg.Connection, copied: bytes, known: dict[bytes, bytes]
) -> Hashed:
    """The leaves of copied records; grounds that are not known yet are read, and known then."""
    try:
        return hash_leaves(copied, known)
    except KeyError:
        filings = filings_in(copied)
    wanted = {ground_in(filed) for filed in set(filings) - known.keys()}
    known |= _known(await connection.fetch(SQL.list_grounds_by_id, sorted(wanted)))
    strange = set(filings) - known.keys()
    if not strange:
        return hash_leaves(copied, known)
    # Filed wrong, they have the ground that they name; if that is gone, they have none.
    numbered = by_number(known)
    meant = {filed: numbered.get(ground_in(filed), frame(None)) for filed in strange}
    found = hash_leaves(copied, known | meant)
    found.misfiled = [n for n, filed in enumerate(filings) if filed in strange]
    return found


def _known(rows: list[asyncpg.Record]) -> dict[bytes, bytes]:
    return {filing(row["customer"], row["ground_id"]): frame(row["content"]) for row in rows}
