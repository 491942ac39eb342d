"""What is known of persons: `cbss.buffer.v1`, as it was told."""

from collections.abc import Collection, Sequence
from datetime import date

from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as buffer_rpc
from cbss.common.v1 import organization_pb2

from services.concepts.organization import SectorInstitution
from services.concepts.ssin import Ssin, parse_ssin
from services.rights.model.people import KnownFact, KnownMembership, Neighbourhoods
from services.wire import values

MOST = 256
"""Of how many persons the buffer tells in one call."""


class PeerBuffer:
    """Asks the buffer."""

    def __init__(self, stub: buffer_rpc.BufferServiceStub) -> None:
        self._stub = stub

    async def neighbourhoods(self, persons: Collection[Ssin]) -> Neighbourhoods:
        """All that is known of persons and of those with whom they share or shared a household."""
        digits = sorted(one.digits for one in persons)
        answers = [
            await self._stub.ListNeighbourhoods(
                buffer_pb.ListNeighbourhoodsRequest(ssins=digits[start : start + MOST])
            )
            for start in range(0, len(digits), MOST)
        ]
        # Who is a neighbour in two answers is told of once.
        known = {one.ssin: one for answer in answers for one in answer.neighbours}
        memberships = {
            membership: None
            for answer in answers
            for one in answer.neighbours
            for membership in _memberships(one)
        }
        return Neighbourhoods(
            [fact for one in known.values() for fact in _facts(one)],
            list(memberships),
            {
                parse_ssin(one.ssin): frozenset(map(_place, one.silent))
                for one in known.values()
                if one.silent
            },
            {
                _place(one.supplier): values.decode_instant(one.as_of, "sources.as_of")
                for answer in answers
                for one in answer.sources
            },
        )


def _facts(one: buffer_pb.Neighbour) -> Sequence[KnownFact]:
    person = parse_ssin(one.ssin)
    return [
        KnownFact(
            person,
            fact.fact_type,
            _place(fact.supplier),
            values.decode_period(fact.period, "facts.period"),
            values.decode_instant(fact.as_of, "facts.as_of"),
            fact.value if fact.HasField("value") else None,
            _decided_on(fact),
        )
        for fact in one.facts
    ]


def _decided_on(fact: buffer_pb.NeighbourFact) -> date | None:
    if not fact.HasField("decided_on"):
        return None
    return values.decode_day(fact.decided_on, "facts.decided_on")


def _memberships(one: buffer_pb.Neighbour) -> Sequence[KnownMembership]:
    person = parse_ssin(one.ssin)
    return [
        KnownMembership(
            person,
            at.scope,
            at.household,
            at.position,
            values.decode_period(at.period, "memberships.period"),
        )
        for at in one.memberships
    ]


def _place(at: organization_pb2.SectorInstitution) -> SectorInstitution:
    return SectorInstitution(at.sector, at.institution)
