"""What became of a number: `cbss.identification.v1`."""

from collections.abc import Sequence

from cbss.identification.v1 import identification_service_pb2 as identification_pb
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.ssin import Ssin
from services.kit.coalesce import Coalescer
from services.routing.model import Person, SsinState


class PeerIdentification:
    """Asks identification, many numbers in one call."""

    def __init__(self, stub: identification_rpc.IdentificationServiceStub) -> None:
        self._stub = stub
        self.resolve = Coalescer(self._resolve_all)

    async def _resolve_all(self, ssins: Sequence[Ssin]) -> list[Person]:
        request = identification_pb.ResolveSsinsRequest(ssins=[ssin.digits for ssin in ssins])
        response = await self._stub.ResolveSsins(request)
        return [_person(resolved) for resolved in response.results]


def _person(resolved: identification_pb.ResolvedSsin) -> Person:
    deceased = resolved.deceased_on if resolved.HasField("deceased_on") else None
    return Person(
        SsinState(resolved.state),
        resolved.replaced_by or None,
        deceased and IncompleteDate(deceased.year, deceased.month, deceased.day),
    )
