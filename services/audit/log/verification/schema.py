"""The database as it is made, against how its migrations make it.

What reads the trail believes what the database answers. A trigger, a rule, a view, a row policy, a
function of the same name, an index that leaves out, a setting of a role: each can make it answer
otherwise than its tables hold, or swallow what it is told. So all that it is made of is described
in lines and compared with `data/schema.txt`, which a test holds against the migrations.
"""

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files

import asyncpg

from services.audit.log.verification.findings import Finding, Flaw
from services.audit.trail.month_names import MONTH_BITS, month_name
from services.kit.postgres import statements

SQL = statements("services.audit")
SERVICE = "audit"
"""The role that the service enters as."""
PARTS = (
    *(SQL.describe_relations, SQL.describe_columns, SQL.describe_constraints),
    *(SQL.describe_indexes, SQL.describe_partitions, SQL.describe_triggers),
    *(SQL.describe_rules, SQL.describe_functions, SQL.describe_rest),
)
_PARTITION = re.compile(r"\brecord_(\d+)(?=\b|_)")
_BOUND = re.compile(r"FOR VALUES FROM \('(\d+)'\) TO \('(\d+)'\)")
LONGEST = 160
"""How much of a line is shown."""


async def describe_schema(connection: asyncpg.Connection) -> list[str]:
    """All that a database is made of, a line each, with `owner` for the name of its owner."""
    owner = await connection.fetchval(SQL.find_owner)
    rows = [row["line"] for part in PARTS for row in await connection.fetch(part)]
    rows += [row["line"] for row in await connection.fetch(SQL.describe_role, SERVICE)]
    called = re.compile(rf"\b{re.escape(owner)}\b")
    return sorted(called.sub("owner", " ".join(row.split())) for row in rows)


def expected_schema() -> list[str]:
    """The same as the migrations make it, with one month."""
    text = files("services.audit").joinpath("data/schema.txt").read_text("utf-8")
    return text.splitlines()


def split_partitions(lines: Iterable[str]) -> tuple[set[str], dict[int, set[str]]]:
    """What there is once, and what there is of the partition of each month, named alike."""
    once: set[str] = set()
    monthly: dict[int, set[str]] = {}
    for line in lines:
        of = _PARTITION.search(line)
        if of is None:
            once.add(line)
            continue
        month = int(of[1])
        bound = _BOUND.search(line)
        if bound is not None and (int(bound[1]), int(bound[2])) == (
            month << MONTH_BITS,
            month + 1 << MONTH_BITS,
        ):
            line = _BOUND.sub("its places", line)
        monthly.setdefault(month, set()).add(_PARTITION.sub("record_month", line))
    return once, monthly


def differences(found: Iterable[str], months: dict[int, bool]) -> Iterator[Finding]:
    """How a database is made otherwise than it should be; of each month whether it is forgotten."""
    once, monthly = split_partitions(expected_schema())
    [partition] = monthly.values()
    is_once, is_monthly = split_partitions(found)
    yield from _told(once, is_once, "")
    for month in sorted(is_monthly.keys() | months.keys()):
        if months.get(month, True):
            for line in sorted(is_monthly.get(month, ())):
                yield Finding(Flaw.SCHEMA, what=f"there is, in no month that is kept: {line}")
            continue
        yield from _told(partition, is_monthly.get(month, set()), f"{month_name(month)}: ")


def _told(right: set[str], found: set[str], where: str) -> Iterator[Finding]:
    for what, lines in (("there is not", right - found), ("there is", found - right)):
        for line in sorted(lines):
            yield Finding(Flaw.SCHEMA, what=f"{where}{what}: {line[:LONGEST]}")


async def wrong_schema(connection: asyncpg.Connection) -> list[Finding]:
    """How the database is made otherwise than its migrations make it."""
    rows = await connection.fetch(SQL.list_month_numbers)
    months = {row["month"]: row["is_forgotten"] for row in rows}
    return list(differences(await describe_schema(connection), months))
