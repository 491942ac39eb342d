"""After all stories, however they ended: the trail is what was signed, and all beside it what its
acts say. (Stories run in the order of their names; this one comes after most.)"""

import asyncio

from typer.testing import CliRunner

from sandbox.audit import app
from tests.mesh.asking import consult, question


async def test_the_trail_of_all_stories_is_proved(mesh):
    await consult(mesh, question())

    ended = await asyncio.to_thread(
        CliRunner().invoke, app, ["verify", "--workers", "1", "--state", str(mesh.state.folder)]
    )

    assert "; 0 findings;" in ended.output, ended.output
    assert ended.exit_code == 0
