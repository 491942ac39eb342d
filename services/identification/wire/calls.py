"""The head that all public requests and answers share: who asks, for what, on which ticket."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cbss.common.v1 import information_pb2

from services.concepts.status import Status
from services.identification.model.calls import Call
from services.identification.model.citizens import OwnCall
from services.kit import caller, trace
from services.kit.clock import belgian_day
from services.wire import values
from services.wire.head import certificate, head

_SERVICE = "cbss.identification.v1.IdentificationService"


@dataclass(frozen=True)
class Calls:
    """Opens calls, and heads their answers."""

    new_ticket: Callable[[], UUID]
    now: Callable[[], datetime]

    def opened(self, rpc: str, request: Any, *, has_purpose: bool = True) -> Call:
        """The call that a request makes; fails when its envelope is unusable."""
        now = self.now()
        return Call(
            self.new_ticket(),
            now,
            belgian_day(now),
            f"{_SERVICE}/{rpc}",
            head(request.information_customer, request.legal_context if has_purpose else None),
            certificate(caller.current()),
            trace.trace_id(),
        )

    def own(self, rpc: str) -> OwnCall:
        """The call of a citizen, who says nothing but what he asks."""
        return OwnCall(self.new_ticket(), f"{_SERVICE}/{rpc}", self.now(), trace.trace_id())

    def head(self, request: Any, call: Call, ended: Status) -> dict[str, Any]:
        """What every answer begins with: the question's own blocks, the ticket, the status."""
        return {
            "information_customer": request.information_customer,
            "information_cbss": information_pb2.InformationCbss(
                ticket_cbss=str(call.ticket),
                received_at=values.instant(call.received_at),
                replied_at=values.instant(self.now()),
            ),
            "status": values.status(ended),
        }
