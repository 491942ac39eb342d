"""Questions to identification about enterprises and establishments, and what it says of them."""

from collections.abc import Sequence

from cbss.identification.v1 import enterprise_pb2 as pb

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.resolved_enterprise import EnterpriseState, ResolvedEnterprise
from services.concepts.subject import CbeNumber
from services.wire import values


def encode_resolve_enterprises_request(
    numbers: Sequence[CbeNumber],
) -> pb.ResolveEnterprisesRequest:
    """The question what became of numbers."""
    return pb.ResolveEnterprisesRequest(cbe_numbers=[one.digits for one in numbers])


def decode_resolved(response: pb.ResolveEnterprisesResponse) -> list[ResolvedEnterprise]:
    """What became of each, in the order in which they were asked."""
    return [_resolved(one) for one in response.results]


def _resolved(one: pb.ResolvedEnterprise) -> ResolvedEnterprise:
    ended = one.end_date if one.HasField("end_date") else None
    return ResolvedEnterprise(
        EnterpriseState(one.state),
        None if ended is None else values.decode_day(ended, "end_date"),
        EnterpriseNumber(int(one.enterprise_number)) if one.enterprise_number else None,
    )
