"""The register of access as a server, and those who call it: the bank and the committee."""

from datetime import timedelta

import pytest
from cbss.access.v1 import deliberation_service_pb2 as pb
from cbss.access.v1 import deliberation_service_pb2_grpc as rpc

from services.access.callers import CALLERS
from services.access.servicer import DeliberationServicer
from services.access.store.parties import known_members, places
from services.access.usecases import Access, Examinations, Register
from services.access.wire.decisions import Travelling
from services.access.wire.publishing import Publisher
from services.kit.paging import PageTokens
from services.kit.server import Service
from tests.support.contracts import grantable_contracts
from tests.support.deliberations import NOON, TODAY, FakeStore, FakeTrail, organization
from tests.support.server import served


@pytest.fixture
def store():
    return FakeStore()


@pytest.fixture
def trail():
    return FakeTrail()


@pytest.fixture
async def serving(tmp_path, authority, store, trail):
    access = Access(
        store, lambda: NOON, maximum_age=timedelta(minutes=1), interval=timedelta(seconds=5)
    )
    await access.refresh()
    members = [organization()]
    register = Register(
        *(
            access,
            store,
            trail,
            grantable_contracts(),
            lambda: known_members(members),
            lambda: TODAY,
        )
    )
    examinations = Examinations(access, register, store, store, store, Travelling(), lambda: TODAY)
    publisher = Publisher(lambda: {one.cbe_number: one for one in members}, places(), lambda: TODAY)
    servicer = DeliberationServicer(register, examinations, publisher, PageTokens(b"secret"))
    service = Service(
        rpc.add_DeliberationServiceServicer_to_server,
        servicer,
        pb.DESCRIPTOR.services_by_name["DeliberationService"],
    )
    only = {name: who for name, who in CALLERS.items() if "DeliberationService" in name}
    async with served(tmp_path, authority, [service], only, name="access") as running:
        running.members = members
        running.access, running.examinations = access, examinations
        yield running


@pytest.fixture
async def one(serving, authority):
    """Somebody of the bank."""
    return rpc.DeliberationServiceStub(await serving.raw(authority.operator("one")))


@pytest.fixture
async def two(serving, authority):
    """A member of the committee."""
    return rpc.DeliberationServiceStub(await serving.raw(authority.member("two")))


@pytest.fixture
async def three(serving, authority):
    """Another member of the committee."""
    return rpc.DeliberationServiceStub(await serving.raw(authority.member("three")))
