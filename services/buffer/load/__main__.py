"""Feed facts into the buffer: `python -m services.buffer.load FILE...`."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import structlog

from services.buffer.definitions import fact_types
from services.buffer.load.lines import read
from services.buffer.store.facts import PostgresShelf
from services.kit import loading
from services.kit.clock import belgian_day, utc_now
from services.kit.loading import command
from services.kit.postgres import pool

ABOUT = """\
Each file is fed as a whole or refused as a whole, with every problem and its line; feeding a file
again changes nothing, and facts that have expired are deleted. A line is a JSON object:

  {"ssin": "71713000318", "supplier": "11.0", "fact_type": "BIM_HOLDER", "begin_date": "2018-11-01",
   "as_of": "2026-11-01T00:00:00Z", "expires_on": "2027-12-31"}

on one line, with end_date if there is one, value if the source says one ("3"), decided_on if it
says when it decided. Who is in which household, with end_date if there is one:

  {"ssin": "71713000318", "supplier": "0.0", "scope": "SAME_DOMICILE", "household": "7",
   "position": "1", "begin_date": "2018-11-01", "as_of": "2026-11-01T00:00:00Z",
   "expires_on": "2027-12-31"}

That a source could not say anything of a person, and that it has told all that it has:

  {"ssin": "71713000318", "supplier": "50.1", "could_not_say": "yes",
   "as_of": "2026-11-01T00:00:00Z"}
  {"supplier": "50.1", "told_all": "yes", "as_of": "2026-11-01T00:00:00Z"}

Kinds of facts with their values, kinds of households, and which sources feed each of them:
services/buffer/data/statuses.yaml. The newest as_of stands, so it cannot lie in the future. The
environment names the database: DATABASE_OWNER_DSN_FILE. Ends with code 1 if a file is refused.
"""

log = structlog.get_logger()


async def feed(dsn: str, files: Sequence[Path]) -> bool:
    """Feed the files as the database's owner; whether none was refused."""
    async with pool(dsn, name="buffer-load", most=1) as opened:
        shelf = PostgresShelf(opened)
        return all([await _feed(shelf, path) for path in files])


async def _feed(shelf: PostgresShelf, path: Path) -> bool:
    fed, problems = loading.read(path, partial(read, fact_types=fact_types()))
    if fed is None or problems:
        return loading.refuse(path, problems)
    stored, purged = await shelf.feed(fed, belgian_day(utc_now()))
    told = len(fed.facts) + len(fed.memberships)
    counted = {"facts": told, "stored": stored, "purged": purged}
    if told and not stored:
        log.warning("nothing stored: all was known, or newer is known", file=path.name, **counted)
    else:
        log.info("facts fed", file=path.name, **counted)
    return True


if __name__ == "__main__":
    command("buffer", ABOUT, feed)
