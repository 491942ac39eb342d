"""Persons with their neighbours, for the rights."""

from cbss.buffer.v1 import buffer_service_pb2 as pb

from services.buffer.model import Fact, Membership, Neighbourhoods
from services.concepts.failures import invalid
from services.concepts.ssin import Ssin, parse_ssin
from services.wire import values

MOST_PERSONS = 256


def decode_persons(request: pb.ListNeighbourhoodsRequest) -> frozenset[Ssin]:
    """Of whom is asked."""
    if not 1 <= len(request.ssins) <= MOST_PERSONS:
        raise invalid("ssins", f"must be 1 to {MOST_PERSONS}")
    return frozenset(
        parse_ssin(digits, field=f"ssins[{n}]") for n, digits in enumerate(request.ssins)
    )


def encode_list_neighbourhoods(found: Neighbourhoods) -> pb.ListNeighbourhoodsResponse:
    """All that was found."""
    everybody = {*found.facts, *found.memberships, *found.silent}
    return pb.ListNeighbourhoodsResponse(
        neighbours=[
            pb.Neighbour(
                ssin=person.digits,
                facts=map(_fact, found.facts.get(person, ())),
                memberships=map(_membership, found.memberships.get(person, ())),
                silent=map(values.encode_place, found.silent.get(person, ())),
            )
            for person in sorted(everybody, key=lambda one: one.number)
        ],
        sources=[
            pb.WholeSource(
                supplier=values.encode_place(one.supplier),
                as_of=values.encode_instant(one.as_of),
            )
            for one in found.wholes
        ],
    )


def _fact(fact: Fact) -> pb.NeighbourFact:
    return pb.NeighbourFact(
        fact_type=fact.fact_type,
        supplier=values.encode_place(fact.supplier),
        period=values.encode_period(fact.period),
        as_of=values.encode_instant(fact.as_of),
        value=fact.value,
        decided_on=None if fact.decided_on is None else values.encode_day(fact.decided_on),
    )


def _membership(one: Membership) -> pb.Membership:
    return pb.Membership(
        scope=one.scope,
        household=one.household,
        position=one.position,
        period=values.encode_period(one.period),
    )
