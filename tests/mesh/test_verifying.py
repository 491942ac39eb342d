"""After all stories, however they ended: the trail is what was signed, and all beside it what its
acts say. (Stories run in the order of their names; this one comes after most.)"""

from contextlib import asynccontextmanager

import asyncpg
from cbss.registry.v1 import change_pb2, reference_pb2

from sandbox.organizations import organizations
from sandbox.servers.databases import dsn_files
from tests.mesh.asking import consult, question
from tests.mesh.test_registry import admit
from tests.support.commanding import cbss_beside
from tests.support.waiting import until


async def verified(mesh):
    return await cbss_beside("audit", "verify", "--workers", "1", "--state", mesh.state.folder)


async def test_the_trail_of_all_stories_is_proved(mesh):
    await consult(mesh, question())

    ended = await verified(mesh)

    assert "; 0 findings;" in ended.output, ended.output
    assert ended.exit_code == 0


async def test_an_act_of_the_registry_is_no_finding_and_a_forged_organization_is(mesh, trail):
    number = organizations()["enterprises"].cbe_number
    key = change_pb2.KeyOf(cbe_number=number, public_key_sha256="7d" * 32)
    act_id = await admit(mesh, change_pb2.Change(named_officer=key))

    async def recorded():
        return await trail.of_ticket(act_id)

    await until(recorded)
    proved = await verified(mesh)
    async with forged(mesh, number):
        found = await verified(mesh)

    assert "; 0 findings;" in proved.output, proved.output
    assert (proved.exit_code, found.exit_code) == (0, 1)
    assert f"{number}" in found.output
    assert "; 1 findings;" in found.output, found.output


@asynccontextmanager
async def forged(mesh, number):
    """An organization is called otherwise, by who has the database; set right afterwards."""
    connection = await asyncpg.connect(dsn_files(mesh.state.secrets)["registry"].owner.read_text())
    try:
        held = await connection.fetchval("select content from head")
        snapshot = reference_pb2.Snapshot.FromString(held)
        (one,) = [one for one in snapshot.organizations if one.cbe_number == number]
        one.name = "Forged"
        content = snapshot.SerializeToString(deterministic=True)
        change = "update head set content = $1, digest = sha256($1)"
        await connection.execute(change, content)
        yield
        await connection.execute(change, held)
    finally:
        await connection.close()
