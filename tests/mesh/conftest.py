"""One mesh for all stories: every process of it, over real mutual TLS, with real stores."""

from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.country import Country, Options
from tests.mesh.serving import until_it_serves
from tests.support.scratch import scratch
from tests.support.trail import Trail


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A process belongs to the loop that started it, so all stories share one."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_mesh():
    """A country with its documented personas, on free ports.

    Its certificates live for minutes only: all stories go on while they are renewed.
    """
    with scratch("mesh") as folder:
        options = Options(state=folder / "state", free_ports=True, valid=timedelta(minutes=5))
        async with Country.up(options) as country:
            yield country


@pytest_asyncio.fixture(loop_scope="session")
async def mesh(running_mesh):
    """The country, which serves through its edge: the story before may have stopped some of it, or
    found it so that a slow machine has not yet started again."""
    await until_it_serves(running_mesh)
    return running_mesh


@pytest_asyncio.fixture(loop_scope="session")
async def trail(mesh):
    """What audit holds, read from its database."""
    async with Trail.of(mesh) as opened:
        yield opened
