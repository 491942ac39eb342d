"""Records copied out of PostgreSQL as they are, and the grounds that they name."""

import asyncpg

from services.audit.store.leaves import Grounds, KnownGround, framed
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
    return b"".join(parts)


async def known_grounds(connection: asyncpg.Connection, after: int = 0) -> dict[int, KnownGround]:
    """The grounds numbered above another."""
    return _known(await connection.fetch(SQL.list_grounds_after, after))


async def grounds_named(
    connection: asyncpg.Connection, wanted: set[int], known: Grounds
) -> dict[int, KnownGround]:
    """Those of the grounds that are not known yet."""
    missing = sorted(wanted - known.keys())
    return _known(await connection.fetch(SQL.list_grounds_by_id, missing)) if missing else {}


def _known(rows: list[asyncpg.Record]) -> dict[int, KnownGround]:
    return {row["ground_id"]: KnownGround(framed(row["content"]), row["customer"]) for row in rows}
