"""The acts in the log that leave something outside it."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.log.verification.findings import Finding
from services.audit.trail.form import read
from services.audit.trail.model import ALERT
from services.audit.trail.store.runs import LAST, records_by_ground

MOST_ACTS = 10_000_000

Record = record_pb.ExchangeRecord


@dataclass(frozen=True)
class Acts:
    """The acts in the log that were let through and changed something, by RPC, oldest first."""

    records: Mapping[str, list[Record]]

    def of(self, rpc: str) -> list[Record]:
        """Those of one RPC."""
        return self.records.get(rpc, [])

    def by_ticket(self, rpc: str) -> dict[UUID, list[Record]]:
        """The same by what they are about."""
        found: dict[UUID, list[Record]] = {}
        for one in self.of(rpc):
            found.setdefault(UUID(one.ticket_cbss), []).append(one)
        return found


def is_act(ground: Record, rpcs: frozenset[str]) -> bool:
    """Whether a ground is one of acts that were let through and changed something."""
    changed = ground.verdict == record_pb.VERDICT_PERMIT
    return changed and ground.rpc in rpcs and (not ground.reason or ground.rpc == ALERT)


async def acts_in(connection: asyncpg.Connection, grounds: list[int]) -> Acts:
    """The acts that some grounds are of."""
    found: dict[str, list[Record]] = {}
    for one in read(await records_by_ground(connection.fetch, grounds, 0, LAST, MOST_ACTS)):
        found.setdefault(one.rpc, []).append(one)
    return Acts(found)


Check = Callable[[asyncpg.Connection, Acts], AsyncIterator[Finding]]
"""What stands beside the log, held against its acts."""


@dataclass(frozen=True)
class Beside:
    """What else is proved than the log: the RPCs of its acts, and how they are compared."""

    rpcs: frozenset[str] = frozenset()
    checks: Sequence[Check] = ()
