"""Which official or program asks: read from every public request, and passed to the trail."""

import pytest
from cbss.identification.v1 import identification_service_pb2_grpc as rpc

from services.kit.errors import PeerFailed
from tests.services.identification.doors import listening, opened
from tests.services.identification.test_public import PUBLIC, REQUESTS, by_sound, creation, search


@pytest.fixture
async def parts(postgres):
    async with opened(postgres) as made:
        yield made


@pytest.fixture
async def gateway(parts, tmp_path, authority):
    async with listening(parts, tmp_path, authority) as served:
        yield rpc.IdentificationServiceStub(await served.channel("gateway"))


@pytest.mark.parametrize("name", PUBLIC)
async def test_an_official_who_is_none_makes_the_envelope_unusable(parts, gateway, name):
    request = type(REQUESTS[name])()
    request.CopyFrom(REQUESTS[name])
    request.information_customer.user_id = "57631410248"

    with pytest.raises(PeerFailed) as refused:
        await getattr(gateway, name)(request)

    assert refused.value.facts["code"] == "INVALID_ARGUMENT"
    assert (parts.trail.entries, parts.trail.turned) == ([], [])


async def test_the_official_who_asks_reaches_the_trail_of_every_call(parts, gateway):
    asked = creation()
    asked.information_customer.user_id = "57631410249"

    await gateway.CreateBisPerson(asked)
    await gateway.SearchPersons(search(by_sound()))

    assert [None if one is None else one.text for one in parts.trail.users] == ["57631410249", None]
