"""A process that is asked to stop finishes what it has begun."""

import asyncio

import grpc
import pytest

from sandbox.client import Institution
from tests.mesh.asking import outcome, question, until_it_answers
from tests.support.waiting import until

MANY = 200


@pytest.mark.parametrize("service", ["routing", "gateway"])
async def test_sigterm_during_200_calls_in_flight_loses_none(mesh, trail, service):
    await until_it_answers(mesh)
    await mesh.stop("dgph")
    await mesh.start("dgph", FAULT="slow:600")
    try:
        async with Institution.of(mesh.institution("pcsw-ghent")) as institution:
            place = await trail.last()
            calls = [
                asyncio.create_task(institution.consult(question(), timeout=10))
                for _ in range(MANY)
            ]
            await until_under_way(trail, place)
            await mesh.stop(service)
            answers = await asyncio.gather(*calls, return_exceptions=True)
    finally:
        await mesh.start(service)
        await mesh.stop("dgph")
        await mesh.start("dgph", FAULT="")
    await until_it_answers(mesh)

    lost = [one for one in answers if isinstance(one, grpc.aio.AioRpcError)]
    assert lost == []
    # On a machine with much else to do the source itself may be late; that is an answer too.
    assert {outcome(one) for one in answers} <= {"DATA_FOUND MSG00000", "INCOMPLETE_DATA HAN20200"}
    for answer in answers:
        stages = await trail.stages(answer.information_cbss.ticket_cbss)
        assert stages == ["INTENT", "OUTCOME"]


async def until_under_way(trail, place):
    """Wait until the trail has as many new records as there are calls, most of them intents."""

    async def recorded():
        return await trail.last() - place >= MANY

    await until(recorded)
