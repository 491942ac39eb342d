"""What all public questions have in common: who calls, for whom, for which purpose, about whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cbss.common.v1 import information_pb2, ssin_pb2

from services.concepts.failures import InvalidArgument, invalid
from services.concepts.ssin import Ssin, parse_ssin
from services.concepts.status import Status
from services.directory.model import Asked, Call, QualityCode
from services.kit import clock, trace
from services.kit.caller import Caller
from services.wire import values
from services.wire.head import certificate, head


@dataclass(frozen=True)
class Calls:
    """Makes calls of what arrives."""

    new_ticket: Callable[[], UUID]
    now: Callable[[], datetime]

    def made(self, rpc: str, caller: Caller) -> Call:
        """A call that has just arrived."""
        now = self.now()
        return Call(
            self.new_ticket(),
            f"cbss.directory.v1.DirectoryService/{rpc}",
            now,
            clock.belgian_day(now),
            certificate(caller),
            trace.trace_id(),
        )

    def today(self) -> date:
        """The calendar day in Belgium."""
        return clock.belgian_day(self.now())


def asked(
    information: information_pb2.InformationCustomer, legal_context: str, ssin: str | None = None
) -> Asked:
    """Who asks, for which purpose, about whom. A malformed number is left out."""
    said = head(information, legal_context)
    return Asked(said, None if ssin is None else _person(ssin))


def _person(text: str) -> Ssin | None:
    try:
        return parse_ssin(text)
    except InvalidArgument:
        return None


def quality(text: str, path: str = "quality_code") -> QualityCode:
    """The quality code that a text holds."""
    if len(text) != 3 or not text.isascii() or not text.isdigit():
        raise invalid(path, "must be 3 digits")
    return QualityCode(int(text))


def information_cbss(call: Call, replied_at: datetime | None) -> information_pb2.InformationCbss:
    """What the mesh did with a call."""
    return information_pb2.InformationCbss(
        ticket_cbss=str(call.ticket),
        received_at=values.instant(call.received_at),
        replied_at=None if replied_at is None else values.instant(replied_at),
    )


def ssin_result(ssin: str, status: Status) -> ssin_pb2.SsinResult:
    """The number as asked, and what has become of it as far as the status tells."""
    successor = dict(status.information).get("newSSIN")
    return ssin_pb2.SsinResult(ssin=ssin, replaced_by=successor)
