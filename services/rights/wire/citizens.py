"""Citizens' questions about their rights, and what they are told."""

from datetime import date, timedelta

from cbss.rights.v1 import rights_service_pb2 as pb
from google.type import date_pb2

from services.admission.model import Call
from services.concepts.failures import invalid
from services.concepts.ssin import Ssin
from services.rights.model.law import Law
from services.rights.model.people import Decided, Reasoned, Supposed
from services.rights.wire.decisions import encode_decision, encode_sources
from services.wire import values
from services.wire.citizens import encode_words

FIRST_DAY = date(2000, 1, 1)
FIRST_BIRTH = date(1900, 1, 1)
AHEAD = timedelta(days=731)
MOST_DEPENDANTS = 20
MOST_CENTS = 10**12
POSTAL_CODES = range(1000, 10_000)


def decode_day(request: pb.ListMyRightsRequest | pb.WhatIfRequest, today: date) -> date | None:
    """On which day it is asked; nothing for today."""
    if not request.HasField("date"):
        return None
    return _between(request.date, "date", FIRST_DAY, today + AHEAD)


def _between(told: date_pb2.Date, path: str, first: date, last: date) -> date:
    day = values.decode_day(told, path)
    if not first <= day <= last:
        raise invalid(path, f"must be from {first} to {last}")
    return day


def decode_supposed(request: pb.WhatIfRequest, today: date) -> Supposed:
    """What would be otherwise."""
    birth, code, cents = None, None, None
    if request.HasField("birth_date"):
        birth = _between(request.birth_date, "birth_date", FIRST_BIRTH, today)
    if request.HasField("postal_code"):
        code = request.postal_code
        if code not in POSTAL_CODES:
            raise invalid("postal_code", "must be 1000 to 9999")
    if request.HasField("yearly_income_cents"):
        cents = request.yearly_income_cents
        if not 0 <= cents <= MOST_CENTS:
            raise invalid("yearly_income_cents", "must be 0 to 10^12")
    if request.further_dependants > MOST_DEPENDANTS:
        raise invalid("further_dependants", f"must be at most {MOST_DEPENDANTS}")
    return Supposed(birth, code, request.alone, request.further_dependants, cents)


def encode_list_my_rights(
    law: Law, call: Call, told: tuple[date, Ssin, Decided]
) -> pb.ListMyRightsResponse:
    """A citizen's rights."""
    day, person, decided = told
    return pb.ListMyRightsResponse(
        ticket_cbss=str(call.ticket),
        date=values.encode_day(day),
        rights=[_right(law, one, person) for one in decided.rights],
        sources=encode_sources(decided.sources),
    )


def encode_what_if(law: Law, call: Call, told: tuple[date, Ssin, Decided]) -> pb.WhatIfResponse:
    """The same, as they would be."""
    day, person, decided = told
    return pb.WhatIfResponse(
        ticket_cbss=str(call.ticket),
        date=values.encode_day(day),
        rights=[_right(law, one, person) for one in decided.rights],
    )


def _right(law: Law, one: Reasoned, person: Ssin) -> pb.MyRight:
    version = next(
        (each for each in one.right.versions if each.begins == one.decision.version), None
    )
    return pb.MyRight(
        title=encode_words(one.right.title),
        explanation=encode_words(one.right.explanation),
        body=one.right.body,
        legal_ground="" if version is None else version.source,
        decision=encode_decision(law, one, person, to_citizen=True),
    )
