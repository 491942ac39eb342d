"""The reference data and the acts of the registry, against the log: who reads the trail of an
institution, and who answers for it, is decided there, and every act stands in the log before it
opens anything.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from uuid import UUID

import asyncpg
from cbss.registry.v1 import archive_pb2, change_pb2

from services.audit.log.verification.acts import Acts, Check, Record
from services.audit.log.verification.findings import Finding, Flaw
from services.audit.trail.wire.registry import RPC, encode_records

OPENING = frozenset({"organization", "admitted_key", "named_officer", "data_contract"})
"""What takes effect only after it is recorded."""
BEFORE = frozenset({change_pb2.ACT_STATE_PREPARED, change_pb2.ACT_STATE_REFUSED})
"""States in which an act has no record that it was let through."""


def review_registry(archive: archive_pb2.Archive) -> Check:
    """What finds reference data that its acts do not make, and acts that the log does not have."""

    async def wrong(connection: asyncpg.Connection, acts: Acts) -> AsyncIterator[Finding]:
        for what in archive.differing:
            yield Finding(Flaw.REFERENCE, what=what)
        recorded = acts.by_ticket(RPC)
        for act in archive.acts:
            for said in _wrong(act, recorded.pop(UUID(act.act_id), ())):
                yield Finding(Flaw.DUTY, what=f"act {act.act_id} of the registry {said}")
        for ticket, records in sorted(recorded.items()):
            # What was decided after the archive was read is in a later one.
            if records[0].occurred_at.ToNanoseconds() < archive.made_at.ToNanoseconds():
                yield Finding(Flaw.DUTY, what=f"act {ticket} of the registry is gone")

    return wrong


def _wrong(act: change_pb2.Act, records: Iterable[Record]) -> Iterator[str]:
    if act.state in BEFORE:
        return
    kept = {one.record_id: _said(one) for one in records}
    if not act.recorded and not kept:
        if act.state == change_pb2.ACT_STATE_IN_FORCE and _opens(act):
            yield "is in force and was never recorded"
        return
    if kept != {one.record_id: _said(one) for one in encode_records(act)}:
        yield "is not as it was recorded"


def _opens(act: change_pb2.Act) -> bool:
    return any(change.WhichOneof("what") in OPENING for change in act.changes)


def _said(of: Record) -> tuple[object, ...]:
    """What a record says of an act; the log keeps to the microsecond when."""
    return (
        of.customer_cbe_number,
        of.data_contract,
        of.contract_version,
        of.operator,
        of.caller_cbe_number,
        of.occurred_at.ToMicroseconds(),
    )
