"""A process that is asked to stop finishes what it has begun."""

import asyncio

import grpc
import pytest

from sandbox.client import Institution
from tests.mesh.asking import outcome, question, until_it_answers

MANY = 200


@pytest.mark.parametrize("service", ["routing", "gateway"])
async def test_sigterm_during_200_calls_in_flight_loses_none(mesh, trail, service):
    await until_it_answers(mesh)
    await mesh.stop("dgph")
    await mesh.start("dgph", FAULT="slow:600")
    try:
        async with Institution.of(mesh.institution("pcsw-ghent")) as institution:
            calls = [
                asyncio.create_task(institution.consult(question(), timeout=10))
                for _ in range(MANY)
            ]
            await until_asked(trail, calls)
            await mesh.stop(service)
            answers = await asyncio.gather(*calls, return_exceptions=True)
    finally:
        await mesh.start(service)
        await mesh.stop("dgph")
        await mesh.start("dgph", FAULT="")
    await until_it_answers(mesh)

    lost = [one for one in answers if isinstance(one, grpc.aio.AioRpcError)]
    assert lost == []
    assert {outcome(one) for one in answers} == {"DATA_FOUND MSG00000"}
    for answer in answers:
        stages = await trail.stages(answer.information_cbss.ticket_cbss)
        assert stages == ["INTENT", "OUTCOME"]


async def until_asked(trail, calls):
    """Wait until all calls are under way: every one has its intent in the trail."""
    place = await trail.last()
    for _ in range(600):
        if await trail.last() - place >= len(calls):
            return
        assert not any(call.done() for call in calls)
        await asyncio.sleep(0.005)
    raise TimeoutError
