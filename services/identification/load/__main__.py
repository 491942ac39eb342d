"""Load persons into identification: `python -m services.identification.load FILE...`."""

from collections.abc import Sequence
from pathlib import Path

import structlog

from services.concepts.problems import Problem
from services.identification.load.lines import read
from services.identification.store.loading import PostgresShelf
from services.kit import loading
from services.kit.loading import command
from services.kit.postgres import pool

ABOUT = """\
Each file is loaded as a whole or refused as a whole, with every problem and its line; loading a
file again changes nothing. A line is a JSON object:

  {"ssin": "71713000318"}
  {"ssin": "95661501156", "state": "REPLACED", "replaced_by": "95661501255"}
  {"ssin": "39620200524", "deceased_on": "2025-02-00"}
  {"ssin": "57631410249", "last_name": "Peeters", "first_names": ["Lotte"],
   "birth_date": "1957-03-14", "sex": 2, "register": "RAD", "card_number": "591999990179"}

(the last one on one line). state is ACTIVE (the default), REPLACED or CANCELED; deceased_on can
lack its day, or month and day. Who somebody is, is loaded once: changes come by the RPCs.
The environment names the database: DATABASE_OWNER_DSN_FILE. Ends with code 1 if a file is refused.
"""

log = structlog.get_logger()


async def load_persons(dsn: str, files: Sequence[Path]) -> bool:
    """Load the files as the database's owner; whether none was refused."""
    async with pool(dsn, name="identification-load", most=1) as opened:
        shelf = PostgresShelf(opened)
        return all([await _load(shelf, path) for path in files])


async def _load(shelf: PostgresShelf, path: Path) -> bool:
    said, problems = loading.read(path, read)
    if said is None or problems:
        return loading.refuse(path, problems)
    stored = await shelf.store(said.persons, said.found, said.cards)
    if stored.astray:
        told = "leads to no number, in a circle, or on for too long"
        return loading.refuse(path, [Problem("replaced_by", told, line) for line in stored.astray])
    log.info(
        "persons loaded", file=path.name, persons=len(said.persons), rows_changed=stored.changed
    )
    return True


if __name__ == "__main__":
    command("identification", ABOUT, load_persons)
