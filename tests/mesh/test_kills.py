"""kill -9 of each process in turn under load: nothing is answered without a durable record, no
acknowledged record is lost, and the mesh serves again."""

import asyncio

import grpc
import pytest

from sandbox.client import Institution
from tests.mesh.asking import question, until_it_answers
from tests.support.trail import Trail

IN_FLIGHT = 16
KILLED = [
    *("gateway", "routing", "identification", "directory", "access", "audit", "buffer"),
    *("sequencer", "witness", "postgres", "valkey", "dgph"),
]


class Load:
    """Asks without pause, and keeps what was answered."""

    def __init__(self, mesh):
        self._mesh = mesh
        self._running = True
        self.answered = []

    async def run(self):
        async with Institution.of(self._mesh.institution("pcsw-ghent")) as institution:
            await asyncio.gather(*(self._ask(institution) for _ in range(IN_FLIGHT)))

    async def _ask(self, institution):
        while self._running:
            try:
                answer = await institution.consult(question(), timeout=3)
            except grpc.aio.AioRpcError:
                await asyncio.sleep(0.05)
            else:
                self.answered.append(answer)

    async def answers(self, more):
        """Wait for so many more answers."""
        wanted = len(self.answered) + more
        for _ in range(600):
            if len(self.answered) >= wanted:
                return
            await asyncio.sleep(0.1)
        raise TimeoutError

    def stop(self):
        self._running = False


@pytest.mark.parametrize("killed", KILLED)
async def test_nothing_is_answered_that_is_not_in_the_trail(mesh, killed):
    await until_it_answers(mesh)
    load = Load(mesh)
    running = asyncio.create_task(load.run())
    await load.answers(50)

    await mesh.stop(killed, kill=True)
    await mesh.start(killed)
    await load.answers(50)

    load.stop()
    await running
    await until_it_answers(mesh)
    async with Trail.of(mesh) as trail:
        for answer in load.answered:
            stages = await trail.stages(answer.information_cbss.ticket_cbss)
            assert stages in (["INTENT", "OUTCOME"], ["REFUSAL"])
