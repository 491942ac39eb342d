"""The program of a source: over real mutual TLS, to the mesh's routing service alone."""

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from cbss.supplier.v1 import supplier_service_pb2_grpc as rpc
from cryptography import x509
from cryptography.x509.oid import NameOID
from grpc_health.v1 import health_pb2, health_pb2_grpc
from pydantic import ValidationError

from sandbox.institutions.faults import GARBAGE
from sandbox.institutions.settings import SupplierSettings
from tests.sandbox.institutions.examples import DISABLED, question, request
from tests.support.certificates import Authority
from tests.support.server import ANY_PORT

ROOT = Path(__file__).resolve().parents[3]
ASKED = request(question(DISABLED))


@pytest.fixture(scope="module")
def institutions():
    return Authority("test institutions authority")


@pytest.fixture
def environment(tmp_path, authority, institutions):
    """What the program reads: a certificate of the institutions, the authority of the mesh."""
    subject = [(NameOID.COMMON_NAME, "dgph"), (NameOID.ORGANIZATION_IDENTIFIER, "NTRBE-0999999031")]
    files = institutions.files(
        tmp_path, institutions.issue(subject, [x509.DNSName("dgph")]), "dgph"
    )
    files.authority_file.write_bytes(authority.pem)
    addresses = {"LISTEN_ADDRESS": ANY_PORT, "HEALTH_ADDRESS": ANY_PORT}
    return {**files.environment(), **addresses, "PLACE": "16.0"}


@asynccontextmanager
async def started(environment, **others):
    path = os.pathsep.join([str(ROOT), str(ROOT / "protos" / "gen")])
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox.institutions.supplier"),
        env={**environment, **others, "PYTHONPATH": path},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process, await ports(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def ports(process):
    while line := await asyncio.wait_for(process.stdout.readline(), 60):
        event = json.loads(line)
        if event["event"] == "serving":
            return event
    raise AssertionError("the program ended before it served")


@asynccontextmanager
async def line(port, trusted, client):
    credentials = grpc.ssl_channel_credentials(trusted.pem, client.key_pem, client.pem)
    options = [("grpc.ssl_target_name_override", "dgph")]
    async with grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials, options) as channel:
        yield channel


@asynccontextmanager
async def stub(port, trusted, client):
    async with line(port, trusted, client) as channel:
        yield rpc.SupplierServiceStub(channel)


async def refusal(port, trusted, client):
    async with stub(port, trusted, client) as supplier:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await supplier.Answer(ASKED, timeout=10)
    return refused.value.code()


async def test_answers_routing_and_refuses_everybody_else(environment, authority, institutions):
    async with started(environment) as (_, told):
        async with stub(told["port"], institutions, authority.workload("routing")) as supplier:
            response = await supplier.Answer(ASKED, timeout=10)
        workload = await refusal(told["port"], institutions, authority.workload("gateway"))
        nameless = await refusal(told["port"], institutions, authority.workload("x", uris=[]))
        stranger = await refusal(
            told["port"], institutions, Authority("stranger").workload("routing")
        )
        async with grpc.aio.insecure_channel(f"127.0.0.1:{told['health_port']}") as plain:
            health = await health_pb2_grpc.HealthStub(plain).Check(
                health_pb2.HealthCheckRequest(), timeout=10
            )

    assert [answer.ssin.ssin for answer in response.answers] == [DISABLED]
    assert response.answers[0].HasField("data")
    assert workload is grpc.StatusCode.PERMISSION_DENIED
    assert nameless is grpc.StatusCode.UNAUTHENTICATED
    assert stranger is grpc.StatusCode.UNAVAILABLE
    assert health.status == health_pb2.HealthCheckResponse.SERVING


async def test_crashes_when_asked(environment, authority, institutions):
    async with started(environment, FAULT="crash") as (process, told):
        code = await refusal(told["port"], institutions, authority.workload("routing"))
        ended = await asyncio.wait_for(process.wait(), 60)

    assert code is grpc.StatusCode.UNAVAILABLE
    assert ended == 70


async def test_sends_garbage_when_asked(environment, authority, institutions):
    async with (
        started(environment, FAULT="garbage") as (_, told),
        line(told["port"], institutions, authority.workload("routing")) as channel,
    ):
        # Without a deserializer: a stub would make nothing of it, and say nothing.
        answer = channel.unary_unary("/cbss.supplier.v1.SupplierService/Answer")
        received = await answer(ASKED.SerializeToString(), timeout=10)

    assert received == GARBAGE


def settings(environment, **others):
    return SupplierSettings.model_validate(
        {name.lower(): value for name, value in (environment | others).items()}
    )


@pytest.mark.parametrize(
    "others",
    [
        {"PLACE": "16"},
        {"FAULT": "explode"},
        {"MESSAGES_DIRECTORY": "/nowhere"},
        {"PERSONAS_FILE": "/nowhere.yaml"},
        {"SOURCE_CODE": "HANDICAP_SOURCE_AVIQ"},
    ],
)
def test_refuses_settings_that_it_cannot_use(environment, others):
    with pytest.raises(ValidationError):
        settings(environment, **others)


def test_takes_the_source_code_of_its_place(environment):
    assert settings(environment, SOURCE_CODE="HANDICAP_SOURCE_DGPH").place == "16.0"
