"""Load a country's worth of persons: `python -m services.identification.load.country FILE`."""

import argparse
import asyncio
import csv
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import structlog

from services.concepts.failures import InvalidArgument
from services.concepts.incomplete_date import parse_incomplete_date
from services.concepts.ssin import parse_ssin
from services.concepts.text import visible
from services.identification.model.persons import Register
from services.identification.rules import spelling
from services.identification.store.numbers import SQL
from services.identification.store.registers import number
from services.kit import logs
from services.kit.sessions import session
from services.kit.settings import OwnerSettings, load

if TYPE_CHECKING:
    import _csv

ABOUT = """\
The file is CSV with the heading
  ssin,last_name,first_names,birth_date,sex,register
where first_names are joined by |, birth_date is yyyy-mm-dd with 00 for what is not known, sex is 0,
1 or 2 and register is RRN, BIS or RAD. It is loaded as a whole, into an empty register of persons,
or refused as a whole with the first line that cannot be used. Searching is made ready afterwards.
The environment names the database: DATABASE_OWNER_DSN_FILE. Ends with code 1 if it is refused.
"""
HEADING = ["ssin", "last_name", "first_names", "birth_date", "sex", "register"]
CHUNK = 50_000
"""Persons that are sent at once."""
LONGEST_NAME = 48

log = structlog.get_logger()


class FileRefused(Exception):
    """The file cannot be loaded; the message says where and why, never what stands there."""


@dataclass
class Names:
    """Numbers for names, given as they are met; what was not stored yet is kept apart."""

    ids: dict[str, int] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    fresh: list[tuple[int, str]] = field(default_factory=list)

    def id_of(self, name: str) -> int:
        """The number of a name; 0 when it has no letters."""
        known = self.written.get(name)
        if known is not None:
            return known
        folded = spelling.folded(name)
        made = 0
        if folded:
            made = self.ids.get(folded, 0)
            if not made:
                made = self.ids[folded] = len(self.ids) + 1
                self.fresh.append((made, folded))
        self.written[name] = made
        return made


async def load_country(
    connection: asyncpg.Connection, path: Path, tell: Callable[[int, float], None]
) -> int:
    """Load the file and make searching ready; how many persons there are. Tells of progress."""
    started = time.perf_counter()
    names, loaded = Names(), 0
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file, strict=True)
        if _chunk(rows, 1) != [HEADING]:
            raise FileRefused(f"the heading must be {','.join(HEADING)}")
        async with connection.transaction():
            if await connection.fetchval(SQL.find_any_person):
                raise FileRefused("there are persons already")
            await connection.execute(SQL.drop_search_indexes)
            while chunk := _chunk(rows):
                await _send(connection, chunk, names, loaded + 2)
                loaded += len(chunk)
                tell(loaded, time.perf_counter() - started)
            await connection.execute(SQL.create_search_indexes, timeout=3600)
            await connection.execute(SQL.restart_name_numbers)
    for statement in (SQL.vacuum_identity, SQL.vacuum_name, SQL.vacuum_name_key, SQL.vacuum_person):
        await connection.execute(statement, timeout=3600)
    return loaded


def _chunk(rows: "_csv.Reader", most: int = CHUNK) -> list[list[str]]:
    try:
        return list(islice(rows, most))
    except (csv.Error, UnicodeDecodeError):
        raise FileRefused(f"what follows line {rows.line_num} is no CSV of UTF-8") from None


async def _send(
    connection: asyncpg.Connection, chunk: list[list[str]], names: Names, line: int
) -> None:
    people: list[str] = []
    numbers: list[str] = []
    for at, row in enumerate(chunk, start=line):
        try:
            person, ssin = _line(row, names)
        except (InvalidArgument, KeyError, ValueError) as wrong:
            what = wrong.violations[0].field if isinstance(wrong, InvalidArgument) else "a field"
            raise FileRefused(f"line {at}: {what} cannot be used") from None
        people.append(person)
        numbers.append(f"{ssin},1\n")
    try:
        await _copy(connection, "person", ["ssin", "state"], numbers)
        await _copy(connection, "identity", _COLUMNS, people)
    except asyncpg.UniqueViolationError:
        raise FileRefused(f"a number of lines {line} to {at} stands twice") from None
    fresh, names.fresh = names.fresh, []
    await _copy(connection, "name", ["name_id", "folded"], (f"{n},{text}\n" for n, text in fresh))
    keyed = (f"{key},{n}\n" for n, text in fresh for key in spelling.keys(text))
    await _copy(connection, "name_key", ["key", "name_id"], keyed)


_COLUMNS = [
    "ssin",
    "last_name",
    "first_names",
    "last_name_id",
    "first_name_id",
    "birth_date",
    "sex",
    "register",
    "proof",
]
_REGISTERS = {one.name: one.value for one in Register}
_SEXES = frozenset("012")


def _line(row: list[str], names: Names) -> tuple[str, int]:
    """A person as COPY reads it, and the number."""
    digits, last, firsts, birth, sex, register = row
    last, firsts = visible(last), "|".join(map(visible, firsts.split("|")))
    ssin = parse_ssin(digits).number
    born = number(parse_incomplete_date(birth, field="birth_date"))
    first = firsts.partition("|")[0]
    last_id = names.id_of(last)
    if not last_id or len(last) > LONGEST_NAME or len(firsts) > 3 * LONGEST_NAME + 2:
        raise ValueError
    if sex not in _SEXES or firsts.count("|") > 2:
        raise ValueError
    array = _array(firsts) if firsts else "{}"
    first_id = names.id_of(first) if first else 0
    columns = f"{ssin},{_quoted(last)},{array},{last_id},{first_id},{born},{sex}"
    return f"{columns},{_REGISTERS[register]},4\n", ssin


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _array(firsts: str) -> str:
    """The names as an array within a CSV field."""
    if '"' in firsts or "\\" in firsts:
        raise ValueError
    return '"{""' + firsts.replace("|", '"",""') + '""}"'


async def _copy(
    connection: asyncpg.Connection, table: str, columns: list[str], lines: Iterator[str] | list[str]
) -> None:
    async def written() -> AsyncIterator[bytes]:
        yield "".join(lines).encode()

    await connection.copy_to_table(table, source=written(), columns=columns, format="csv")


async def _load(dsn: str, path: Path) -> int:
    def tell(persons: int, seconds: float) -> None:
        if persons % 1_000_000 < CHUNK:
            rate = round(persons / seconds)
            log.info("loading", file=path.name, persons=persons, persons_per_second=rate)

    # Not from a pool: what takes long is bounded by the file, not by the time of a call.
    async with session(dsn, name="load") as connection:
        return await load_country(connection, path, tell)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="services.identification.load.country",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    settings = load(OwnerSettings)
    logs.configure(settings.log_level, service="identification")
    try:
        persons = asyncio.run(_load(settings.database_owner_dsn, arguments.file))
    except FileRefused as refused:
        log.error("refused", file=arguments.file.name, problem=str(refused))
        sys.exit(1)
    log.info("country loaded", file=arguments.file.name, persons=persons)


if __name__ == "__main__":
    main()
