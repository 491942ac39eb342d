"""After all stories, however they ended: the trail is what was signed, and all beside it what its
acts say. (Stories run in the order of their names; this one comes after most.)"""

from tests.mesh.asking import consult, question
from tests.support.commanding import cbss_beside


async def test_the_trail_of_all_stories_is_proved(mesh):
    await consult(mesh, question())

    ended = await cbss_beside("audit", "verify", "--workers", "1", "--state", mesh.state.folder)

    assert "; 0 findings;" in ended.output, ended.output
    assert ended.exit_code == 0
