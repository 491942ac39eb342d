"""What is suspended on one replica is refused by every other, in processes of their own.

Their interval is an hour: only the announcement of the change can have told them.
"""

from uuid import uuid4

import grpc
import pytest
from cbss.access.v1 import access_service_pb2 as pb
from cbss.access.v1 import access_service_pb2_grpc as rpc

from services.access.model import ActVersion, Request, Standing
from services.access.store.postgres import PostgresStore
from services.access.store.register import PostgresRegister
from services.kit.postgres import pool
from tests.support.access_process import replica
from tests.support.administering import NUMBER, asked
from tests.support.deliberations import TODAY, deliberation
from tests.support.waiting import until

HOUR = "3600"


@pytest.fixture
async def database(postgres):
    return await postgres.migrated("access")


@pytest.fixture
async def replicas(database, authority, tmp_path):
    """Stubs of two replicas that decide on a deliberation in force without end."""
    text = deliberation(period={"months_back": 1200, "months_forward": None})
    async with pool(database.owner_dsn, name="access-load") as owner:
        await PostgresStore(owner).enact([text])
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    settings = {"SNAPSHOT_INTERVAL": HOUR, "SNAPSHOT_MAXIMUM_AGE": HOUR}
    async with (
        replica(database.dsn, authority, folders[0], **settings) as first,
        replica(database.dsn, authority, folders[1], **settings) as second,
    ):
        stubs = []
        for one in (first, second):
            files = one.routing
            credentials = grpc.ssl_channel_credentials(
                files.authority_file.read_bytes(),
                files.private_key_file.read_bytes(),
                files.certificate_file.read_bytes(),
            )
            options = [("grpc.ssl_target_name_override", "access")]
            channel = grpc.aio.secure_channel(one.address, credentials, options)
            stubs.append(rpc.AccessServiceStub(channel))
        yield stubs


async def granted(stub):
    question = asked(data_contract="TRIAL")
    answer = await stub.CheckAccess(pb.CheckAccessRequest(questions=[question] * 3))
    (verdict,) = {decision.WhichOneof("verdict") for decision in answer.decisions}
    return verdict == "granted"


async def turned(stub, verdict):
    async def holds():
        return await granted(stub) is verdict

    await until(holds)


async def test_no_remembered_permission_survives_a_suspension_on_any_replica(replicas, database):
    act = ActVersion(NUMBER, 1)

    async def move(register, before, after):
        request = Request(uuid4(), "", "somebody", "rpc")
        await register.move(request, act, before, after, TODAY)

    assert [await granted(stub) for stub in replicas] == [True, True]
    async with pool(database.dsn, name="access") as connections:
        register = PostgresRegister(connections)
        await move(register, Standing.IN_FORCE, Standing.SUSPENDED)
        for stub in replicas:
            await turned(stub, verdict=False)
        assert [await granted(stub) for stub in replicas * 20] == [False] * 40
        await move(register, Standing.SUSPENDED, Standing.IN_FORCE)
        for stub in replicas:
            await turned(stub, verdict=True)


async def test_the_same_set_has_the_same_name_on_every_replica(replicas):
    request = pb.CheckAccessRequest(questions=[asked()])
    versions = {(await stub.CheckAccess(request)).snapshot_version for stub in replicas}

    assert len(versions) == 1
