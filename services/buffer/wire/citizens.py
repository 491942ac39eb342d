"""Citizens' questions about themselves, and what they are told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from cbss.buffer.v1 import buffer_service_pb2 as pb
from cbss.common.v1 import words_pb2

from services.buffer.citizens import Words
from services.buffer.model import Call, Citizen, FactPosition, FedFact, Text
from services.concepts.ssin import find_flaw, parse_ssin
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.errors import CallerUnknown, PageTokenInvalid
from services.kit.paging import PageTokens
from services.kit.trace import trace_id
from services.wire import values

_QUERY = b"ListMyFacts"


@dataclass(frozen=True)
class Calls:
    """Makes calls of what arrives."""

    new_ticket: Callable[[], UUID]
    now: Clock

    def made(self, rpc: str) -> Call:
        """A call that has just arrived."""
        return Call(
            self.new_ticket(), f"cbss.buffer.v1.BufferService/{rpc}", self.now(), trace_id()
        )


def citizen(caller: Caller) -> Citizen:
    """Whose certificate the call came with; CallerUnknown without one."""
    client = caller.client
    if client is None:
        raise CallerUnknown
    digits = client.serial_number or ""
    return Citizen(None if find_flaw(digits) else parse_ssin(digits), client.issuer)


def position(
    tokens: PageTokens, request: pb.ListMyFactsRequest, asking: Citizen
) -> FactPosition | None:
    """After which fact the page begins; nothing for the first page."""
    if not request.page_token:
        return None
    match tokens.position(request.page_token, caller=_who(asking), query=_QUERY):
        case [int(number), int(sector), int(institution), str(fact_type), str(begin)]:
            return number, sector, institution, fact_type, begin
    raise PageTokenInvalid


def listed(
    tokens: PageTokens,
    call: Call,
    asking: Citizen,
    page: tuple[Sequence[FedFact], FactPosition | None],
    words: Words,
) -> pb.ListMyFactsResponse:
    """A citizen's page."""
    facts, after = page
    return pb.ListMyFactsResponse(
        ticket_cbss=str(call.ticket),
        facts=[_fact(one, words) for one in facts],
        next_page_token=tokens.token(after, caller=_who(asking), query=_QUERY) if after else "",
    )


def _fact(one: FedFact, words: Words) -> pb.PersonFact:
    fact, place = one.fact, one.fact.supplier
    told = pb.PersonFact(
        ssin=one.person.digits,
        fact_type=fact.fact_type,
        fact=_words(words.fact(fact.fact_type)),
        supplier=values.named(place),
        supplier_name=_words(words.supplier(place)),
        period=values.span(fact.period),
        expires_on=values.calendar_day(fact.expires_on),
    )
    told.as_of.FromDatetime(fact.as_of)
    return told


def _words(text: Text | None) -> words_pb2.Words | None:
    return None if text is None else words_pb2.Words(nl=text.nl, fr=text.fr, de=text.de)


def _who(asking: Citizen) -> str:
    # A renewed card goes on where the old one ended.
    return "" if asking.ssin is None else asking.ssin.digits
