"""The organizations and the keys of their programs and officers, against the reviewed files: who
reads the trail of an institution, and who answers for it, is decided there.
"""

from collections.abc import Sequence
from pathlib import Path

import asyncpg

from services.audit.load.__main__ import read
from services.audit.verify.findings import Finding, Flaw
from services.kit.postgres import statements

SQL = statements("services.audit")


async def wrong_organizations(
    connection: asyncpg.Connection, reviewed: Sequence[Path]
) -> list[Finding]:
    """Organizations that are not as the files have them, or in none of them."""
    listed = [one for path in reviewed for one in read(path.read_text("utf-8"))[0]]
    right = {one[0]: one for one in listed}
    rows = await connection.fetch(SQL.list_organizations_to_verify)
    found = {row["cbe_number"]: tuple(row) for row in rows}
    return [
        Finding(Flaw.ORGANIZATION, what=number)
        for number in sorted(right.keys() | found.keys())
        if right.get(number) != found.get(number)
    ]
