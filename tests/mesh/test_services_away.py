"""A service that is away: no exchange, nothing asked of a source, and well again afterwards."""

import re
import urllib.request

import grpc
import pytest

from tests.mesh.asking import question, refusal, until_it_answers

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
