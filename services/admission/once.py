"""Once, for organizations: a repeat is admitted anew, put in writing, and gets the first answer."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cbss.common.v1 import status_pb2

from services.admission.model import Member, Stage
from services.admission.usecases import Arrivals, Members, Trail
from services.admission.wire import Calls
from services.concepts.failures import InvalidArgument
from services.concepts.ssin import Ssin, parse_ssin
from services.kit import caller
from services.kit.tickets import Tickets

M = TypeVar("M", bound=Member)

PASSING = frozenset(
    {status_pb2.STATUS_VALUE_INCOMPLETE_DATA, status_pb2.STATUS_VALUE_TECHNICAL_ERROR}
)
"""What is not final: who asks again may get another answer."""
UNCHECKED = "CBSS10002"
"""Nor is that a proof could not be checked: nothing was done, and the register may come back."""

Behavior = Callable[[Any, Any], Awaitable[Any]]


class Once:
    """A servicer, of whose RPCs some are done once for each ticket of an organization."""

    def __init__(self, servicer: Any, rpcs: Collection[str], repeats: "Repeats[Any]") -> None:
        self._servicer = servicer
        for rpc in rpcs:
            setattr(self, rpc, repeats.around(rpc, getattr(servicer, rpc)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._servicer, name)


@dataclass(frozen=True)
class Repeats(Generic[M]):
    """Tells repeats from new calls, by the ticket that the customer names."""

    tickets: Tickets
    members: Members[M]
    trail: Trail
    calls: Calls

    def around(self, rpc: str, behavior: Behavior) -> Behavior:
        """The RPC, done once for each ticket."""

        async def answered(request: Any, context: Any) -> Any:
            client = caller.current().client
            organization = None if client is None else client.organization_identifier
            ticket = request.information_customer.ticket
            if not ticket or organization is None:
                # It is refused for that.
                return await behavior(request, context)
            return await self.tickets.once(
                (organization, f"{self.calls.service}/{rpc}", ticket),
                request,
                lambda: behavior(request, context),
                lambda: self._again(rpc, request),
                _is_final,
            )

        return answered

    async def _again(self, rpc: str, request: Any) -> None:
        """Admit who repeats, and put in writing that nothing changed."""
        information, purpose = request.information_customer, request.legal_context or None
        call = self.calls.of(rpc, caller.current(), information, purpose)
        arrivals = Arrivals(self.members, self.trail)
        admitted = await arrivals.known(call, person=_person(request))
        await arrivals.record(admitted.entry(Stage.ACT, changes=False))


def _is_final(answer: Any) -> bool:
    status = getattr(answer, "status", None)
    return status is None or (status.value not in PASSING and status.code != UNCHECKED)


def _person(request: Any) -> Ssin | None:
    try:
        return parse_ssin(getattr(request, "ssin", ""))
    except InvalidArgument:
        return None
