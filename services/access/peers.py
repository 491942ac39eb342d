"""Putting in writing: `cbss.audit.v1`. A call that returns means durable."""

from dataclasses import dataclass

from services.access.model import ActVersion, Request
from services.admission.model import Basis, Call, Entry, Stage
from services.admission.peers import audit as admission
from services.concepts.decision import Deliberation
from services.concepts.failures import Failure
from services.concepts.party import NO_CERTIFICATE
from services.kit.clock import Clock, belgian_day


@dataclass(frozen=True)
class PeerTrail:
    """Records steps with deliberations."""

    trail: admission.PeerTrail
    now: Clock

    async def record(self, request: Request, act: ActVersion, refused: Failure | None) -> None:
        """Record that a step is taken, or why it is not; the request is the ticket."""
        now = self.now()
        call = Call(
            ticket=request.request_id,
            rpc=request.rpc,
            received_at=now,
            day=belgian_day(now),
            certificate=NO_CERTIFICATE,
            operator=request.operator,
        )
        basis = Basis(Deliberation(act.number, act.version))
        entry = Entry(call=call, stage=Stage.ACT, decision=basis)
        await self.trail.record(entry if refused is None else entry.refused(refused.reason()))
