"""Citizens' questions about themselves, and what they are told."""

from collections.abc import Sequence

from cbss.buffer.v1 import buffer_service_pb2 as pb

from services.admission.model import Call
from services.buffer.citizens import Words
from services.buffer.model import FactPosition, FedFact
from services.concepts.citizen import Citizen
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens
from services.wire import values
from services.wire.citizens import encode_holder, encode_words

_QUERY = b"ListMyFacts"


def decode_position(
    tokens: PageTokens, request: pb.ListMyFactsRequest, asking: Citizen
) -> FactPosition | None:
    """After which fact the page begins; nothing for the first page."""
    if not request.page_token:
        return None
    match tokens.position(request.page_token, caller=encode_holder(asking), query=_QUERY):
        case [int(number), int(sector), int(institution), str(fact_type), str(begin)]:
            return number, sector, institution, fact_type, begin
    raise PageTokenInvalid


def encode_list_my_facts(
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
        next_page_token=tokens.token(after, caller=encode_holder(asking), query=_QUERY)
        if after
        else "",
    )


def _fact(one: FedFact, words: Words) -> pb.PersonFact:
    fact, place = one.fact, one.fact.supplier
    said, name = words.fact(fact.fact_type), words.supplier(place)
    category = words.category(fact.fact_type, fact.value)
    return pb.PersonFact(
        ssin=one.person.digits,
        fact_type=fact.fact_type,
        fact=None if said is None else encode_words(said),
        supplier=values.encode_organization(place),
        supplier_name=None if name is None else encode_words(name),
        period=values.encode_period(fact.period),
        expires_on=values.encode_day(fact.expires_on),
        as_of=values.encode_instant(fact.as_of),
        value=fact.value,
        value_name=None if category is None else encode_words(category),
        decided_on=None if fact.decided_on is None else values.encode_day(fact.decided_on),
    )
