"""What a mesh says of rights: to granting bodies (`cbss rights ask`) and to the citizens themselves
(`cbss citizen rights`)."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import uuid4

import grpc
import typer
from cbss.common.v1 import information_pb2, organization_pb2, words_pb2
from cbss.data.v1 import right_pb2
from cbss.rights.v1 import rights_service_pb2 as pb
from cbss.rights.v1 import rights_service_pb2_grpc as rpc
from cbss.routing.v1 import routing_service_pb2 as routing_pb
from cbss.routing.v1 import routing_service_pb2_grpc as routing_rpc

from cli.calling import TIMEOUT, ask, refusal
from cli.failures import Nonsense
from cli.identity import Identity
from cli.languages import Language
from cli.mesh import Mesh
from cli.values import encode_day, parse_day, parse_number, show_day
from cli.words import plain, say, say_json

MOST_PERSONS = 100
"""How many are asked about one by one; more are asked about in a batch."""
AT_ONCE = 16
CENTS = 100
LanguageOption = Annotated[Language, typer.Option(help="The language of the words.")]
DayOption = Annotated[
    Any, typer.Option(parser=parse_day, metavar="DAY", help="On which day; today.")
]
VERDICTS = {
    right_pb2.RIGHT_VERDICT_GRANTED: "granted",
    right_pb2.RIGHT_VERDICT_REFUSED: "refused",
    right_pb2.RIGHT_VERDICT_UNDECIDED: "cannot be decided",
}


def ask_rights(
    mesh: Mesh,
    organization: Annotated[
        str, typer.Argument(help="Who asks: a name of the profile, or 10 digits.")
    ],
    persons: Annotated[
        list[str], typer.Argument(parser=parse_number, metavar="SSIN...", help="11 digits each.")
    ],
    right: Annotated[list[str], typer.Option(help="Which right: WATER_DISCOUNT; several times.")],
    legal_context: Annotated[str, typer.Option(help="For which purpose.")],
    on: DayOption = None,
    language: LanguageOption = Language.NL,
) -> None:
    """Ask which rights persons have, under a deliberation; more than 100 go in a batch."""
    if len(persons) > MOST_PERSONS:
        raise Nonsense(f"more than {MOST_PERSONS} persons are asked about with `cbss batch submit`")
    identity = mesh.institution(organization)
    asked = [_consultation(identity, one, right, legal_context, on) for one in persons]
    try:
        answers = asyncio.run(_consulted(identity, asked))
    except grpc.RpcError as fault:
        raise refusal(fault, identity.address) from None
    if mesh.as_json:
        say_json([_as_json(one) for one in answers])
        return
    for person, answer in zip(persons, answers, strict=True):
        say(f"{person}: {answer.status.code} {answer.status.description}")
        for decision in decisions_of(answer).decisions:
            for line in lines_of(decision, language):
                say(f"  {line}")


def decisions_of(answer: routing_pb.ConsultResponse) -> right_pb2.RightDecisions:
    """What an answer of contract RIGHTS holds; nothing if it holds no data."""
    found = right_pb2.RightDecisions()
    for result in answer.results:
        if result.HasField("data"):
            result.data.Unpack(found)
    return found


def citizen_rights(
    mesh: Mesh,
    on: DayOption = None,
    born: Annotated[
        Any, typer.Option(parser=parse_day, metavar="DAY", help="What if I was born on DAY?")
    ] = None,
    postal_code: Annotated[
        int | None, typer.Option(min=1000, max=9999, help="What if I lived there?")
    ] = None,
    alone: Annotated[bool, typer.Option("--alone", help="What if I lived alone?")] = False,
    dependants: Annotated[
        int, typer.Option(min=0, max=20, help="What if I had so many dependants more?")
    ] = 0,
    income: Annotated[
        float | None, typer.Option(min=0, help="What if I had this income a year, in euro?")
    ] = None,
    language: LanguageOption = Language.NL,
) -> None:
    """Show which rights the law gives the citizen of the certificate, and why; or what if."""
    is_supposed = alone or dependants or any(one is not None for one in (born, postal_code, income))
    answer: pb.ListMyRightsResponse | pb.WhatIfResponse
    if is_supposed:
        cents = None if income is None else round(income * CENTS)
        request = pb.WhatIfRequest(
            date=_day(on),
            birth_date=_day(born),
            postal_code=postal_code,
            alone=alone,
            further_dependants=dependants,
            yearly_income_cents=cents,
        )
        answer = ask(mesh.citizen(), rpc.RightsServiceStub, "WhatIf", request)
    else:
        mine = pb.ListMyRightsRequest(date=_day(on))
        answer = ask(mesh.citizen(), rpc.RightsServiceStub, "ListMyRights", mine)
    if mesh.as_json:
        say_json(plain(answer))
        return
    say(f"on {show_day(answer.date)}{', if it were so' if is_supposed else ''}")
    for one in answer.rights:
        say(_in(one.title, language))
        for line in (*lines_of(one.decision, language), f"{one.body}; {one.legal_ground}"):
            say(f"  {line}")


def _day(on: date | None) -> Any:
    return None if on is None else encode_day(on)


def _consultation(
    identity: Identity, ssin: str, rights: Sequence[str], context: str, on: date | None
) -> routing_pb.ConsultRequest:
    customer = organization_pb2.Organization(cbe_number=identity.cbe_number)
    request = routing_pb.ConsultRequest(
        information_customer=information_pb2.InformationCustomer(
            ticket=str(uuid4()), customer_identification=customer
        ),
        legal_context=context,
        data_contract="RIGHTS",
        ssin=ssin,
    )
    if on is not None:
        request.date.CopyFrom(encode_day(on))
    request.criteria.Pack(right_pb2.RightsCriteria(rights=rights))
    return request


async def _consulted(
    identity: Identity, asked: Iterable[routing_pb.ConsultRequest]
) -> list[routing_pb.ConsultResponse]:
    some = asyncio.Semaphore(AT_ONCE)
    async with identity.channel() as channel:
        stub = routing_rpc.RoutingServiceStub(channel)

        async def one(request: routing_pb.ConsultRequest) -> routing_pb.ConsultResponse:
            async with some:
                answer: routing_pb.ConsultResponse = await stub.Consult(request, timeout=TIMEOUT)
                return answer

        return list(await asyncio.gather(*map(one, asked)))


def _as_json(answer: routing_pb.ConsultResponse) -> dict[str, Any]:
    return {
        "ssin": answer.ssin.ssin,
        "status": plain(answer.status),
        "rights": plain(decisions_of(answer)),
    }


def lines_of(decision: right_pb2.RightDecision, language: Language) -> Iterator[str]:
    """A decision, in lines to read."""
    yield f"{decision.right}: {VERDICTS.get(decision.verdict, 'not told')}{_grant(decision)}"
    for fact in decision.facts_used:
        of = " of another in the household" if fact.is_of_another else ""
        at = fact.source.sector_institution
        name = _in(fact.fact, language) or "a fact"
        when = fact.as_of.ToDatetime().date() if fact.HasField("as_of") else "supposed"
        yield f"  on {name}{of}, by {at.sector}.{at.institution}, as of {when}"
    for missing in decision.missing_sources:
        yield f"  without {_in(missing.name, language)}"
    for unmet in decision.unmet_conditions:
        yield f"  {_in(unmet.condition, language)}; {_in(unmet.remedy, language)}"
    for amount in decision.unchecked_amounts:
        until = show_day(amount.checked_until)
        yield f"  {amount.series} was last checked for {until}: it may be out of date"


def _grant(decision: right_pb2.RightDecision) -> str:
    if not decision.HasField("grant"):
        return ""
    grant = decision.grant
    until = f" until {show_day(grant.end_date)}" if grant.HasField("end_date") else ""
    return f" from {show_day(grant.begin_date)}{until}"


def _in(words: words_pb2.Words, language: Language) -> str:
    return str(getattr(words, language.value))
