"""Where an answer goes on: opaque to the customer, and of use for the same question only.

A source says in its own way where it goes on, which may well be about the person: the customer
carries it encrypted, and the mesh keeps nothing of it.
"""

from collections.abc import Mapping, Sequence

from cbss.routing.v1 import routing_service_pb2 as pb

from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.caller import Caller
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens
from services.routing.model import SourceAnswer

LONGEST = 65_536
"""The longest token: 64 sources can say in 512 characters each where they go on."""


def decode_page(
    tokens: PageTokens, request: pb.ConsultRequest, caller: Caller
) -> Mapping[EnterpriseNumber, str]:
    """Where each source goes on that had more; nothing for the first page."""
    if not request.page_token:
        return {}
    told = tokens.position(request.page_token, caller=_caller(caller), query=_query(request))
    if len(told) % 2:
        raise PageTokenInvalid
    pairs = zip(told[::2], told[1::2], strict=True)
    return {EnterpriseNumber(int(number or 0)): str(next_) for number, next_ in pairs}


def encode_page(
    tokens: PageTokens,
    request: pb.ConsultRequest,
    caller: Caller,
    answers: Sequence[SourceAnswer],
) -> str:
    """The token of the next page; empty if no source has more."""
    position: list[str | int | None] = []
    for one in answers:
        if one.next:
            position += one.source.supplier.cbe_number.number, one.next
    if not position:
        return ""
    return tokens.token(position, caller=_caller(caller), query=_query(request))


def _caller(caller: Caller) -> str:
    client = caller.client
    return "" if client is None else client.organization_identifier or ""


def _query(request: pb.ConsultRequest) -> bytes:
    """The question without what differs from page to page: its ticket, its time, the token."""
    asked = pb.ConsultRequest()
    asked.CopyFrom(request)
    asked.ClearField("page_token")
    asked.ClearField("results_action")
    for of_the_call in ("ticket", "sent_at", "user_id"):
        asked.information_customer.ClearField(of_the_call)
    return asked.SerializeToString(deterministic=True)
