"""Questions to identification about numbers, and what it says of them: every caller asks alike."""

from collections.abc import Sequence

from cbss.identification.v1 import identification_service_pb2 as identification_pb

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.ssin import Ssin


def encode_resolve_ssins_request(ssins: Sequence[Ssin]) -> identification_pb.ResolveSsinsRequest:
    """The question what became of numbers."""
    return identification_pb.ResolveSsinsRequest(ssins=[ssin.digits for ssin in ssins])


def decode_resolved(response: identification_pb.ResolveSsinsResponse) -> list[ResolvedSsin]:
    """What became of each, in the order in which they were asked."""
    return [_resolved(one) for one in response.results]


def _resolved(one: identification_pb.ResolvedSsin) -> ResolvedSsin:
    deceased = one.deceased_on if one.HasField("deceased_on") else None
    return ResolvedSsin(
        SsinState(one.state),
        Ssin(int(one.replaced_by)) if one.replaced_by else None,
        deceased and IncompleteDate(deceased.year, deceased.month, deceased.day),
    )
