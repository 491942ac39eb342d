"""What batches ask of others beside what a consultation asks: lines in the trail below one head."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid5

from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.admission.model import Entry, Stage
from services.admission.peers import audit as admission
from services.concepts.status import status
from services.routing.batches.usecases.ports import UNTREATED
from services.routing.model import (
    Exchange,
    Outcome,
    Party,
    Plan,
    Refusal,
)
from services.routing.peers.audit import entry_of, leg_of


@dataclass(frozen=True)
class PeerTrail:
    """Puts batches in writing; a call that returns means durable.

    The name of a record follows from the batch and the place, so that none is there twice."""

    trail: admission.PeerTrail

    async def record(self, *entries: Entry) -> None:
        """Record calls that were not let in."""
        await self.trail.record(*entries)

    async def head(self, entry: Entry) -> None:
        """Record what heads a batch, each stage of it once."""
        name = uuid5(entry.call.ticket, f"head {entry.stage.name}")
        await self.trail.record(replace(entry, record_id=name))

    def lost(self, exchange: Exchange) -> bytes:
        """The record of what somebody may have begun who did not come back."""
        return self._line(exchange, None, status=status(UNTREATED))

    def ended(self, outcome: Outcome, decision: Plan | Refusal | None) -> bytes:
        """The record of how it ended for one person, to be made durable with the others."""
        exchange, party = outcome.exchange, outcome.party
        match decision:
            case Plan():
                legs = tuple(leg_of(one) for one in outcome.answers if one.asked)
                of_sources = {"cut": outcome.cut, "sources": legs}
                granted = decision.granted
                return self._line(
                    exchange, party, decision=granted, status=outcome.status, **of_sources
                )
            case Refusal():
                return self._line(
                    *(exchange, party),
                    permitted=False,
                    reason=decision.because,
                    decision=decision,
                    status=decision.status,
                )
        return self._line(exchange, party, status=outcome.status)

    def _line(self, exchange: Exchange, party: Party | None, **more: Any) -> bytes:
        if exchange.question.ssin is None and exchange.question.number is None:
            return b""
        entry = entry_of(exchange, Stage.LINE, party, record_id=exchange.ending, **more)
        return self.trail.encoded(entry).SerializeToString()

    async def conclude(self, records: Sequence[bytes]) -> None:
        """Make records durable."""
        await self.trail.send(*(record_pb.ExchangeRecord.FromString(one) for one in records if one))
