"""Whether the persons stand on one node of PostgreSQL or, with Citus, on several.

Three statements are written in two ways: what one node answers fastest, several refuse. All others
are one text for both. Which way it is, is asked of the database once, when a process begins.
"""

from enum import Enum

import asyncpg

from services.kit.postgres import retrying

_ASKED = "select exists (select from pg_extension where extname = 'citus')"


class Spread(Enum):
    """Over how many nodes."""

    ONE = "one"
    SEVERAL = "several"


async def spread_of(pool: asyncpg.Pool) -> Spread:
    """How the database at the other end stands."""
    is_spread = await retrying(lambda: pool.fetchval(_ASKED))
    return Spread.SEVERAL if is_spread else Spread.ONE
