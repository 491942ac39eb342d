"""The keys of months, and what is hidden outside the log, opened with the secret: a key that was
exchanged hides the persons of a month from everybody, and what was sealed elsewhere does not open.
"""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
from cbss.audit.v1 import kept_record_pb2 as kept_pb
from cryptography.exceptions import InvalidTag

from services.audit.log.verification.findings import Finding, Flaw
from services.audit.trail.model import HiddenSubject, Sealed
from services.audit.trail.month_names import MONTH_BITS, month_name
from services.audit.trail.subjects import MonthKey, SubjectKeys, SubjectKeysUnusable
from services.kit.postgres import statements

SQL = statements("services.audit")
SAMPLED = 20
"""How many records of a month are opened from each of its ends."""
AT_ONCE = 1_000
DAMAGED = (InvalidTag, ValueError, KeyError)


async def wrong_keys(connection: asyncpg.Connection, keys: SubjectKeys) -> AsyncIterator[Finding]:
    """Months whose key does not open their records."""
    for row in await connection.fetch(SQL.list_months):
        month = row["month"]
        try:
            key = MonthKey.of(month, keys.unwrapped(row["key_version"], row["wrapped_key"]))
        except (SubjectKeysUnusable, ValueError):
            yield Finding(Flaw.KEY, what=month_name(month))
            continue
        bounds = month << MONTH_BITS, month + 1 << MONTH_BITS, SAMPLED
        sampled = await connection.fetch(SQL.sample_persons, *bounds)
        if not all(_opens(key, one) for one in sampled):
            yield Finding(Flaw.KEY, what=month_name(month))


def _opens(key: MonthKey, row: asyncpg.Record) -> bool:
    kept = kept_pb.KeptInstance.FromString(row["content"])
    try:
        found: int = row["subject_key"]
        return key.key_of(key.reveal(kept.subject, row["record_id"])) == found
    except DAMAGED:
        return False


async def wrongly_sealed(
    connection: asyncpg.Connection, keys: SubjectKeys
) -> AsyncIterator[Finding]:
    """What is hidden outside the log and does not open, or is filed under another person."""
    for what, statement, is_right in (
        ("report", SQL.list_sealed_reports, _report),
        ("decision", SQL.list_sealed_decisions, _decision),
        ("replacement", SQL.list_sealed_replacements, _replacement),
    ):
        after = UUID(int=0)
        while rows := await connection.fetch(statement, after, AT_ONCE):
            for row in rows:
                try:
                    opened = is_right(keys, row)
                except DAMAGED:
                    opened = False
                if not opened:
                    yield Finding(Flaw.SEALED, what=f"{what} {row['id']}")
            after = rows[-1]["id"]


def _is_filed(keys: SubjectKeys, event: UUID, key: bytes, version: int, encrypted: bytes) -> bool:
    person = keys.reveal(HiddenSubject(key, version, encrypted), event)
    return key in keys.keys_of(person)


def _report(keys: SubjectKeys, row: asyncpg.Record) -> bool:
    hidden = row["subject_key"], row["subject_key_version"], row["subject_encrypted"]
    return _is_filed(keys, row["id"], *hidden)


def _decision(keys: SubjectKeys, row: asyncpg.Record) -> bool:
    keys.open(Sealed(row["content_key_version"], row["content"]), row["id"])
    return _report(keys, row)


def _replacement(keys: SubjectKeys, row: asyncpg.Record) -> bool:
    return all(
        _is_filed(
            keys, row["id"], *(row[f"{part}_{of}"] for of in ("key", "key_version", "encrypted"))
        )
        for part in ("old", "new")
    )
