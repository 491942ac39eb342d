"""The organizations and the keys of their programs and officers, against the reviewed files: who
reads the trail of an institution, and who answers for it, is decided there.
"""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import asyncpg

from services.audit.load.__main__ import read
from services.audit.log.verification.acts import Acts, Check
from services.audit.log.verification.findings import Finding, Flaw
from services.kit.postgres import statements

SQL = statements("services.audit")


def review_organizations(files: Sequence[Path]) -> Check:
    """What finds organizations that are not as the files have them, or in none of them."""

    async def wrong(connection: asyncpg.Connection, acts: Acts) -> AsyncIterator[Finding]:
        listed = [one for path in files for one in read(path.read_text("utf-8"))[0]]
        right = {one[0]: one for one in listed}
        rows = await connection.fetch(SQL.list_organizations_to_verify)
        found = {row["cbe_number"]: tuple(row) for row in rows}
        for number in sorted(right.keys() | found.keys()):
            if right.get(number) != found.get(number):
                yield Finding(Flaw.ORGANIZATION, what=number)

    return wrong
