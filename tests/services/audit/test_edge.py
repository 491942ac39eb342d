"""A card at a real edge: Envoy trusts two authorities, and audit tells which one spoke."""

from contextlib import AsyncExitStack

import grpc
import pytest
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc

from gateway import process
from gateway.admin import Admin
from gateway.edges import DESCRIPTORS
from gateway.envoy.bootstrap import Edge, bootstrap
from gateway.envoy.clusters import Upstream
from gateway.limits import Limits
from gateway.routes import ROUTES
from gateway.secrets import Secrets
from sandbox.authority import Authority
from sandbox.ports import free_port
from services.kit.health import Health
from services.kit.tls import Files
from tests.services.audit.serving import CARDS, CITIZENS, INSTITUTIONS, NOW, SSIN
from tests.support.waiting import until

GHENT = "0899990348"


class Doors:
    """The edge, and who comes to it."""

    def __init__(self, folder, address, institutions, citizens):
        self._folder = folder
        self._address = address
        self.institutions = institutions
        self.citizens = citizens

    def stub(self, stack, issued):
        credentials = grpc.ssl_channel_credentials(
            self.institutions.own.pem, issued.key_pem, issued.pem
        )
        options = [("grpc.ssl_target_name_override", "gateway")]
        channel = grpc.aio.secure_channel(self._address, credentials, options=options)
        stack.push_async_callback(channel.close)
        return rpc.AuditServiceStub(channel)


@pytest.fixture
async def doors(tmp_path, authority, audit):
    institutions, citizens = INSTITUTIONS, CARDS
    server = institutions.organization("gateway", "CBSS", None, "gateway")
    certificate, key = tmp_path / "edge.crt", tmp_path / "edge.key"
    server.write(certificate, key)
    clients, revoked = tmp_path / "clients.crt", tmp_path / "revoked.crl"
    clients.write_bytes(institutions.own.pem + citizens.own.pem)
    revoked.write_bytes(institutions.revocation_list() + citizens.revocation_list())
    mesh = authority.files(tmp_path, authority.workload("gateway"), "mesh-gateway")
    Secrets(
        tmp_path / "secrets",
        Files(certificate, key, clients),
        Files(mesh.certificate_file, mesh.private_key_file, mesh.authority_file),
        revoked,
    ).refresh()
    address, admin = (f"127.0.0.1:{free_port()}" for _ in range(2))
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        health = await enter(Health([], {}).listen("127.0.0.1:0"))
        nowhere = f"127.0.0.1:{free_port()}"
        others = sorted({route.upstream for route in ROUTES} - {"audit"})
        edge = Edge(
            address,
            admin,
            ROUTES,
            [
                Upstream("audit", audit.address, f"127.0.0.1:{health}"),
                *(Upstream(name, nowhere, nowhere) for name in others),
            ],
            Limits(),
            tmp_path / "secrets",
            tmp_path / "refusals.jsonl",
            DESCRIPTORS,
        )
        process.write(bootstrap(edge), tmp_path / "envoy.json")
        binary = process.wheel_binary()
        await enter(process.running(binary, tmp_path / "envoy.json", workers=1, log_level="error"))
        await until(lambda: Admin(admin).ready())
        yield Doors(tmp_path, address, institutions, citizens)


async def answered(stub, method, request):
    """The answer, or the code; the edge may still be finding its service."""
    outcome = []

    async def is_reached():
        outcome.clear()
        try:
            outcome.append(await getattr(stub, method)(request, timeout=5))
        except grpc.aio.AioRpcError as refused:
            outcome.append(refused.code())
        return outcome != [grpc.StatusCode.UNAVAILABLE]

    await until(is_reached)
    return outcome[0]


def own():
    request = pb.ListOwnExchangesRequest(reason="our own check")
    request.recorded_from.FromDatetime(NOW)
    request.recorded_until.FromSeconds(int(NOW.timestamp()) + 3600)
    return request


async def test_each_authority_speaks_for_its_own_only(doors, audit):
    card = doors.citizens.citizen(SSIN, "Citizen")
    program = doors.institutions.organization("program", "OCMW Gent", f"NTRBE-{GHENT}")
    forged = doors.institutions.citizen(SSIN, "Citizen")
    audit.organizations.keys[GHENT] = {program.public_key_sha256}
    mine = pb.ListMyConsultationsRequest()
    refused = grpc.StatusCode.UNAUTHENTICATED
    async with AsyncExitStack() as stack:
        citizen = doors.stub(stack, card)
        institution = doors.stub(stack, program)

        read = await answered(citizen, "ListMyConsultations", mine)
        assert [one.step.fr for one in read.consultations] == [
            "Le journal des accès à vos données a été lu"
        ]
        listed = await answered(institution, "ListOwnExchanges", own())
        assert isinstance(listed, pb.ListOwnExchangesResponse)
        assert await answered(citizen, "ListOwnExchanges", own()) is refused
        assert await answered(institution, "ListMyConsultations", mine) is refused
        assert await answered(doors.stub(stack, forged), "ListMyConsultations", mine) is refused


async def test_a_card_of_an_authority_that_nobody_trusts_does_not_come_in(doors):
    stranger = Authority.founded(CITIZENS.removeprefix("CN=")).citizen(SSIN, "Citizen")
    async with AsyncExitStack() as stack:
        stub = doors.stub(stack, stranger)

        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.ListMyConsultations(pb.ListMyConsultationsRequest(), timeout=3)

    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
