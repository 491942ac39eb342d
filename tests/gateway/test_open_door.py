"""The open door, with a real Envoy and access behind it: everybody reads the register, no more."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import grpc
import pytest
from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import access_service_pb2_grpc as access_rpc
from cbss.access.v1 import deliberation_service_pb2 as pb
from cbss.access.v1 import deliberation_service_pb2_grpc as rpc

from cli.register import read
from gateway import process
from gateway.admin import Admin
from gateway.edges import DESCRIPTORS
from gateway.envoy.bootstrap import Edge, bootstrap
from gateway.envoy.clusters import Upstream
from gateway.limits import Limits
from gateway.routes import ROUTES
from gateway.secrets import Secrets
from sandbox.ports import free_port
from services.access.callers import CALLERS
from services.access.servicer import DeliberationServicer
from services.access.store.parties import known_members, places
from services.access.usecases import Access, Examinations, Register
from services.access.wire.decisions import Travelling
from services.access.wire.publishing import Publisher
from services.kit.health import Health
from services.kit.paging import PageTokens
from services.kit.serve import Service
from services.kit.tls import Files
from tests.support.certificates import Authority
from tests.support.contracts import grantable_contracts
from tests.support.deliberations import NOON, TODAY, FakeStore, FakeTrail, deliberation
from tests.support.server import served
from tests.support.waiting import until

UNIMPLEMENTED = grpc.StatusCode.UNIMPLEMENTED


def files_of(written):
    return Files(written.certificate_file, written.private_key_file, written.authority_file)


async def access_behind(store):
    """The register of access, as the gateway finds it."""
    access = Access(
        store, lambda: NOON, maximum_age=timedelta(hours=1), interval=timedelta(hours=1)
    )
    await access.refresh()
    register = Register(
        access, store, FakeTrail(), grantable_contracts(), lambda: known_members([]), lambda: TODAY
    )
    examinations = Examinations(access, register, store, store, store, Travelling(), lambda: TODAY)
    publisher = Publisher(dict, places(), lambda: TODAY)
    servicer = DeliberationServicer(register, examinations, publisher, PageTokens(b"secret"))
    return Service(
        rpc.add_DeliberationServiceServicer_to_server,
        servicer,
        pb.DESCRIPTOR.services_by_name["DeliberationService"],
    )


@pytest.fixture
async def doors(tmp_path, authority):
    """The addresses of the open door and of the other, and whom to trust there."""
    store = FakeStore()
    texts = [
        deliberation(number=f"IVC/KSZG/98/{at:03}", legal_contexts=[f"PCSW:{at}"])
        for at in range(3)
    ]
    await store.enact([*texts, deliberation(number="IVC/KSZG/98/009", status="PROPOSED")])
    institutions = Authority("test institutions authority")
    revoked = tmp_path / "revoked.crl"
    revoked.write_bytes(institutions.revocation_list())
    server = institutions.files(tmp_path, institutions.workload("gateway"), "server")
    mesh = authority.files(tmp_path, authority.workload("gateway"), "mesh-gateway")
    Secrets(tmp_path / "secrets", files_of(server), files_of(mesh), revoked).refresh()
    addresses = [f"127.0.0.1:{free_port()}" for _ in range(3)]
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        only = {name: who for name, who in CALLERS.items() if "DeliberationService" in name}
        running = await enter(
            served(tmp_path, authority, [await access_behind(store)], only, name="access")
        )
        health = await enter(Health([], {}).listen("127.0.0.1:0"))
        away = [
            Upstream(name, f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}")
            for name in sorted({route.upstream for route in ROUTES} - {"access"})
        ]
        edge = Edge(
            addresses[0],
            addresses[1],
            ROUTES,
            [Upstream("access", running.address, f"127.0.0.1:{health}"), *away],
            Limits(),
            tmp_path / "secrets",
            tmp_path / "refusals.jsonl",
            DESCRIPTORS,
            open_address=addresses[2],
        )
        process.write(bootstrap(edge), tmp_path / "envoy.json")
        await enter(
            process.running(
                process.wheel_binary(), tmp_path / "envoy.json", workers=1, log_level="error"
            )
        )
        await until(Admin(addresses[1]).ready)
        channel = await enter(channel_to(addresses[2], server.authority_file))
        register = rpc.DeliberationServiceStub(channel)

        async def reaches():
            try:
                return await register.ListDeliberations(pb.ListDeliberationsRequest())
            except grpc.aio.AioRpcError:
                return None

        await until(reaches)
        yield addresses[2], addresses[0], server.authority_file


def channel_to(address, authority):
    credentials = grpc.ssl_channel_credentials(authority.read_bytes())
    options = [("grpc.ssl_target_name_override", "gateway")]
    return grpc.aio.secure_channel(address, credentials, options=options)


async def test_everybody_reads_what_was_enacted_page_by_page(doors):
    address, _, authority = doors
    found = await asyncio.to_thread(lambda: list(read(address, authority, "gateway")))

    assert [one.number[-3:] for one in found] == ["000", "001", "002"]


async def test_nothing_else_is_reached_and_no_identity_is_believed(doors):
    address, _, authority = doors
    async with channel_to(address, authority) as channel:
        register = rpc.DeliberationServiceStub(channel)
        for call in (
            register.SuspendDeliberation(pb.SuspendDeliberationRequest()),
            register.ProposeDeliberation(pb.ProposeDeliberationRequest()),
            access_rpc.AccessServiceStub(channel).CheckAccess(access_pb.CheckAccessRequest()),
            channel.unary_unary("/cbss.routing.v1.RoutingService/Consult")(b""),
        ):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await call
            assert refused.value.code() is UNIMPLEMENTED
        forged = (("x-forwarded-client-cert", "Hash=aa"),)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await register.ListDeliberations(pb.ListDeliberationsRequest(), metadata=forged)
        assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_the_other_door_still_asks_for_a_certificate(doors):
    _, address, authority = doors
    async with channel_to(address, authority) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await rpc.DeliberationServiceStub(channel).ListDeliberations(
                pb.ListDeliberationsRequest(), timeout=5
            )

    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
