"""Sources that fail in every way: that source is a technical error, and nothing of it goes on."""

import pytest
import pytest_asyncio
from cbss.data.v1 import handicap_pb2

from tests.mesh.asking import MOTHER, consult, outcome, question

FAILING = "iriscare"
TECHNICAL = "CBSS20001"
FAULTS = [
    "hang",
    "crash",
    "garbage",
    "other-person",
    "undeclared-field",
    "wrong-count",
    "slow:1500",
]
IRISCARE = handicap_pb2.HandicapCriteria(sources=[handicap_pb2.HANDICAP_SOURCE_IRIS_CARE])


@pytest.fixture
def failing(mesh):
    """Lets a source fail in a way."""

    async def made(fault):
        await mesh.stop(FAILING)
        await mesh.start(FAILING, FAULT=fault)

    return made


@pytest_asyncio.fixture(autouse=True, scope="module", loop_scope="session")
async def mended(running_mesh):
    """The source is well again afterwards."""
    yield
    await running_mesh.stop(FAILING)
    await running_mesh.start(FAILING, FAULT="")


@pytest.mark.parametrize("fault", FAULTS)
async def test_the_source_fails_and_the_others_are_answered(mesh, trail, failing, fault):
    await failing(fault)

    answer = await consult(mesh, question(MOTHER))

    assert outcome(answer) == "INCOMPLETE_DATA HAN20200"
    by_place = {
        one.information_supplier.supplier_identification.sector_institution.sector: one
        for one in answer.results
    }
    assert by_place[16].status.code == "MSG00000"
    assert by_place[37].status.code == TECHNICAL
    assert not by_place[37].HasField("data")
    assert b"secret" not in answer.SerializeToString()
    records = await trail.of_ticket(answer.information_cbss.ticket_cbss)
    assert {leg.status_code for leg in records[-1].sources} >= {"MSG00000", TECHNICAL}


async def test_when_all_sources_fail_nothing_is_granted_or_refused_on_it(mesh, failing):
    await failing("garbage")

    answer = await consult(mesh, question(MOTHER, criteria=IRISCARE))

    assert outcome(answer) == "INCOMPLETE_DATA HAN20200"
    assert [one.status.code for one in answer.results] == [TECHNICAL]
