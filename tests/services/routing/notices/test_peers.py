"""What the reference directory says of a source that publishes."""

from cbss.directory.v1 import directory_service_pb2 as directory_pb

from services.routing.notices.peers import PeerDirectory
from tests.services.routing.examples import CENTRE, FIRST, NAME, PERSON
from tests.services.routing.notices.examples import NOW


class Stub:
    """A directory that says one thing of everybody."""

    def __init__(self, source=FIRST, *qualities):
        self.said = directory_pb.LocatedDossiers(customer_quality_codes=qualities)
        self.said.sources.add(cbe_number=source.digits)

    async def LocateDossiers(self, request):
        return directory_pb.LocateDossiersResponse(results=[self.said for _ in request.questions])


async def known(stub, source, *qualities):
    peer = PeerDirectory(stub, lambda: NOW)
    return await peer.known_by(source, NAME, frozenset(qualities), [PERSON])


async def test_who_is_asked_for_a_contract_knows_whom_it_would_be_asked_about():
    assert await known(Stub(FIRST), FIRST) == {PERSON}
    assert await known(Stub(FIRST), CENTRE) == set()


async def test_who_is_never_asked_knows_whom_it_has_in_one_of_its_qualities():
    assert await known(Stub(FIRST, "002"), CENTRE, 2, 3) == {PERSON}
    assert await known(Stub(FIRST, "001"), CENTRE, 2, 3) == set()
    assert await known(Stub(FIRST, "001"), CENTRE) == set()
