"""The trail, with a count beside it: exchanges by how they ended, and by contract."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from prometheus_client import Counter

from services.admission.model import Entry
from services.concepts.data_contract import ContractName
from services.concepts.status import Status, status_codes
from services.routing.model import (
    ContractSource,
    Exchange,
    Outcome,
    Party,
    Plan,
    Refusal,
)
from services.routing.peers.audit import PeerTrail

EXCHANGES = Counter(
    "cbss_routing_exchanges",
    "Exchanges that ended, by data contract and by status code, or by the reason without one.",
    ["contract", "status"],
)
OTHER = "other"
"""Instead of a contract or a code that is not ours: anybody could write anything there."""


@dataclass(frozen=True, slots=True)
class CountingTrail:
    """Passes all on, and counts what has become durable."""

    trail: PeerTrail
    is_known: Callable[[ContractName], bool]

    async def intend(self, exchange: Exchange, party: Party, plan: Plan) -> None:
        """Record that sources will be asked."""
        await self.trail.intend(exchange, party, plan)

    async def conclude(self, outcome: Outcome, plan: Plan) -> None:
        """Record how an exchange ended that sources were asked for."""
        await self.trail.conclude(outcome, plan)
        self._count(outcome.exchange.question.contract, _known(outcome.status))

    def abandon(
        self,
        exchange: Exchange,
        party: Party,
        plan: Plan,
        fault: BaseException,
        asked: Sequence[ContractSource],
    ) -> None:
        """Record, when that can be, that an exchange ended without an answer."""
        self.trail.abandon(exchange, party, plan, fault, asked)
        self._count(exchange.question.contract, "ABANDONED")

    async def refuse(self, exchange: Exchange, party: Party, refusal: Refusal) -> None:
        """Record that an exchange was refused."""
        await self.trail.refuse(exchange, party, refusal)
        self._count(exchange.question.contract, _known(refusal.status))

    async def record(self, *entries: Entry) -> None:
        """Record calls that were not let in, or whose volume is spent."""
        await self.trail.record(*entries)
        for entry in entries:
            assert entry.contract is not None
            self._count(entry.contract, entry.reason)

    def _count(self, contract: ContractName, status: str) -> None:
        EXCHANGES.labels(str(contract) if self.is_known(contract) else OTHER, status).inc()


def _known(status: Status) -> str:
    code = status.code.code
    return code if code in status_codes() else OTHER
