"""Enterprises and their establishments, over mutual TLS."""

import pytest
from cbss.identification.v1 import enterprise_pb2
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from google.type import date_pb2

from tests.services.identification.doors import head, listening, opened


@pytest.fixture
async def gateway(postgres, tmp_path, authority):
    async with opened(postgres) as parts, listening(parts, tmp_path, authority) as running:
        yield rpc.IdentificationServiceStub(await running.channel("gateway"))


async def test_registers_an_enterprise_and_moves_an_establishment(gateway):
    async def register(**what):
        request = enterprise_pb2.RegisterEnterpriseRequest(**head(), **what)
        return (await gateway.RegisterEnterprise(request)).status.code

    async def units(number):
        request = enterprise_pb2.GetEnterpriseRequest(
            information_customer=head()["information_customer"], number=number
        )
        answer = await gateway.GetEnterprise(request)
        return answer.enterprise.cbe_number, [
            one.establishment_number for one in answer.enterprise.establishments
        ]

    def unit(owner, year):
        return enterprise_pb2.Establishment(
            establishment_number="2999999073",
            cbe_number=owner,
            since=date_pb2.Date(year=year, month=1, day=1),
        )

    for number in ("0899990150", "0899990348"):
        one = enterprise_pb2.Enterprise(cbe_number=number, name="Proef")
        assert await register(enterprise=one) == "MSG00000"
    assert await register(establishment=unit("0899990150", 2010)) == "MSG00000"
    assert await units("2999999073") == ("0899990150", ["2999999073"])
    assert await register(establishment=unit("0899990348", 2020)) == "MSG00000"
    assert await units("2999999073") == ("0899990348", ["2999999073"])
    assert await units("0899990150") == ("0899990150", [])
    assert await register(establishment=unit("0899990150", 2015)) == "MSG00008"
    assert await register(establishment=unit("0899990447", 2021)) == "MSG00008"
    assert await register(enterprise=enterprise_pb2.Enterprise(cbe_number="1")) == "MSG00008"
    assert await units("0899990447") == ("", [])
