"""What batches ask of others beside what a consultation asks: lines in the trail below one head."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid5

from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.admission.model import Entry, Stage
from services.admission.peers import audit as admission
from services.concepts.status import status
from services.routing.batches.usecases.ports import UNTREATED
from services.routing.model import (
    Exchange,
    Outcome,
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
        return self._line(entry_of(exchange, Stage.LINE, None, status=status(UNTREATED)), exchange)

    def ended(self, outcome: Outcome, decision: Plan | Refusal | None) -> bytes:
        """The record of how it ended for one person, to be made durable with the others."""
        exchange = outcome.exchange
        entry = entry_of(exchange, Stage.LINE, outcome.party, status=outcome.status)
        match decision:
            case Plan():
                legs = [one for one in outcome.answers if one.asked]
                entry = entry_of(
                    *(exchange, Stage.LINE, outcome.party),
                    decision=decision.granted,
                    status=outcome.status,
                    cut=outcome.cut,
                    sources=tuple(map(leg_of, legs)),
                )
            case Refusal():
                entry = entry_of(
                    *(exchange, Stage.LINE, outcome.party),
                    permitted=False,
                    reason=decision.because,
                    decision=decision,
                    status=decision.status,
                )
        return self._line(entry, exchange)

    def _line(self, entry: Entry, exchange: Exchange) -> bytes:
        if exchange.question.ssin is None and exchange.question.number is None:
            return b""
        return self.trail.encoded(replace(entry, record_id=exchange.ending)).SerializeToString()

    async def conclude(self, records: Sequence[bytes]) -> None:
        """Make records durable."""
        await self.trail.send(*(record_pb.ExchangeRecord.FromString(one) for one in records if one))
