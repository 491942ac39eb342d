"""An operator sees how the sources fare."""

import json

from tests.mesh.asking import DISABLED, consult, outcome, question, until_it_answers
from tests.support.commanding import cbss_beside


async def test_an_operator_sees_how_the_sources_fare(mesh):
    await until_it_answers(mesh)
    assert outcome(await consult(mesh, question(DISABLED))) == "DATA_FOUND MSG00000"

    told = await cbss_beside("status", "--json", "--state", mesh.state.folder)
    table = await cbss_beside("status", "--state", mesh.state.folder)

    states = {one["source"]: one for one in json.loads(told.stdout)["sources"]}
    assert (states["dgph"]["circuit"], states["dgph"]["waiting"]) == ("CLOSED", 0)
    assert states["dgph"]["answered"] >= 1
    assert "CLOSED" in table.stdout
