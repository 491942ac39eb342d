"""A process that dies is started again without anybody's help, and the status says what is true."""

import os
import signal

import pytest

from sandbox.status import all_serve, standings, wait_until_served
from tests.mesh.asking import until_it_answers
from tests.support.waiting import until

PATIENCE = 60
ATTACHED = {"dsl"}


async def pid(mesh, name):
    """The number of a process, as the status tells it; None while it does not serve."""
    return {one.process: one.pid for one in await standings(mesh.state) if one.serves}.get(name)


@pytest.mark.parametrize("killed", ["routing", "envoy", "gateway", "postgres"])
async def test_a_process_that_is_killed_comes_back_by_itself(mesh, killed):
    await until_it_answers(mesh)
    first = await pid(mesh, killed)

    os.kill(first, signal.SIGKILL)

    async def another():
        return await pid(mesh, killed) not in (None, first)

    await until(another)
    assert all_serve(await wait_until_served(mesh.state, PATIENCE))
    await until_it_answers(mesh)


@pytest.mark.parametrize(
    ("stopped", "away"), [("witness", {"witness"}), ("gateway", {"gateway", "envoy"})]
)
async def test_the_status_names_what_does_not_serve(mesh, stopped, away):
    await mesh.stop(stopped)
    try:
        found = await standings(mesh.state)
    finally:
        await mesh.start(stopped)

    # A source that attaches serves as long as it has a way in: when it learns that there is none is
    # its own affair.
    assert {one.process for one in found if not one.serves} - ATTACHED == away
    assert all_serve(await wait_until_served(mesh.state, PATIENCE))


async def test_another_command_has_a_process_started_again(mesh):
    before = mesh.processes.pid("access")

    assert await mesh.restart("access") == "access serves again"

    assert mesh.processes.pid("access") != before
    assert all_serve(await wait_until_served(mesh.state, PATIENCE))
