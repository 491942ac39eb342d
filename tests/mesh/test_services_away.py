"""A service that is away: no exchange, nothing asked of a source, and well again afterwards."""

import re
import urllib.request

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.mesh.asking import question, refusal, until_it_answers
from tests.support.waiting import until

ASKED = re.compile(r'cbss_rpc_duration_seconds_count\{[^}]*rpc="cbss.supplier.v1[^}]*\} ([0-9.]+)')


def asked(mesh, source="dgph"):
    """How often a source was asked."""
    address = mesh.ports.address(f"{source}-metrics")
    with urllib.request.urlopen(f"http://{address}/metrics") as answer:
        return sum(map(float, ASKED.findall(answer.read().decode())))


@pytest.mark.parametrize("service", ["audit", "access", "directory", "identification"])
async def test_without_one_of_them_there_is_no_exchange(mesh, service):
    await until_it_answers(mesh)
    before = asked(mesh)
    await mesh.stop(service)
    try:
        fault = await refusal(mesh, question())

        assert fault.code() is grpc.StatusCode.UNAVAILABLE
        assert asked(mesh) == before
    finally:
        await mesh.start(service)
    await until_it_answers(mesh)


async def health(mesh, process, name=""):
    """What a process says of itself."""
    async with grpc.aio.insecure_channel(mesh.ports.address(f"{process}-health")) as opened:
        stub = health_pb2_grpc.HealthStub(opened)
        answer = await stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=5)
        return health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)


NEED_IT = ("audit", "identification", "buffer", "directory", "sequencer", "routing")
"""Who cannot do what it is for without the database, or without one who cannot."""


async def test_without_the_database_nobody_who_needs_it_says_that_it_serves(mesh):
    await until_it_answers(mesh)
    await mesh.stop("postgres")
    try:

        async def told():
            return {await health(mesh, process) for process in NEED_IT} == {"NOT_SERVING"}

        await until(told)
        # Alive is something else: whoever were started again would find no database either.
        for process in (*NEED_IT, "access", "gateway"):
            assert await health(mesh, process, "live") == "SERVING"
    finally:
        await mesh.start("postgres")
    await until_it_answers(mesh)


async def test_without_redis_the_mesh_keeps_serving(mesh):
    await mesh.stop("valkey")
    try:
        await until_it_answers(mesh)
    finally:
        await mesh.start("valkey")


async def test_without_routing_the_edge_says_so(mesh, trail):
    place = await trail.last()
    await mesh.stop("routing")
    try:
        fault = await refusal(mesh, question())

        assert fault.code() is grpc.StatusCode.UNAVAILABLE
        await trail.wait_for_reason("SERVICE_UNAVAILABLE", place)
    finally:
        await mesh.start("routing")
    await until_it_answers(mesh)
