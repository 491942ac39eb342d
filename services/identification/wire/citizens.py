"""Citizens' questions about themselves, and what they are told."""

from cbss.identification.v1 import person_data_pb2 as pb

from services.admission.model import Call
from services.concepts.citizen import Citizen
from services.concepts.resolved_ssin import SsinState
from services.identification.model.citizens import (
    DatumPosition,
    Held,
    HeldCard,
    HeldNumber,
    HeldVersion,
    Titles,
)
from services.identification.wire.histories import encode_version
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens
from services.wire import values
from services.wire.citizens import encode_holder, encode_words

_QUERY = b"ListMyPersonData"


def decode_position(
    tokens: PageTokens, request: pb.ListMyPersonDataRequest, asking: Citizen
) -> DatumPosition | None:
    """After which datum the page begins; nothing for the first page."""
    if not request.page_token:
        return None
    match tokens.position(request.page_token, caller=encode_holder(asking), query=_QUERY):
        case [int(number), int(group), int(begin), str(known)]:
            return number, group, begin, known
    raise PageTokenInvalid


def encode_list_my_person_data(
    tokens: PageTokens,
    call: Call,
    asking: Citizen,
    page: tuple[Held, DatumPosition | None],
    titles: Titles,
) -> pb.ListMyPersonDataResponse:
    """A citizen's page."""
    held, after = page
    return pb.ListMyPersonDataResponse(
        ticket_cbss=str(call.ticket),
        numbers=map(_number, held.numbers),
        cards=map(_card, held.cards),
        data=[_datum(one, titles) for one in held.versions],
        next_page_token=tokens.token(after, caller=encode_holder(asking), query=_QUERY)
        if after
        else "",
    )


def _number(one: HeldNumber) -> pb.PersonNumber:
    person, creator, died = one.person, one.created_by, one.person.deceased_on
    return pb.PersonNumber(
        ssin=person.ssin.digits,
        replaced_by="" if person.replaced_by is None else person.replaced_by.digits,
        canceled=person.state is SsinState.CANCELED,
        deceased_on=None if died is None else values.encode_day(died),
        created_by_cbe_number="" if creator is None else creator.digits,
        created_at=None if one.created_at is None else values.encode_instant(one.created_at),
    )


def _card(one: HeldCard) -> pb.PersonCard:
    until = one.valid_until
    return pb.PersonCard(
        card_number=one.number.digits,
        valid_until=None if until is None else values.encode_day(until),
    )


def _datum(one: HeldVersion, titles: Titles) -> pb.PersonDatum:
    said = titles[one.version.given.group]
    return pb.PersonDatum(
        ssin=one.person.digits,
        title=encode_words(said),
        version=encode_version(one.version),
    )
