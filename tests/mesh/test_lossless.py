"""Every official answer through a whole mesh: what arrives is what the source holds."""

from itertools import groupby

import pytest
import pytest_asyncio
from cbss.common.v1 import period_pb2, status_pb2
from google.type import date_pb2

from sandbox.client import Institution
from sandbox.country import Country, Options
from sandbox.institutions.known import PLACES, is_registered, official_answers
from tests.mesh.asking import outcome, question
from tests.support import reference
from tests.support.scratch import scratch

EVERYTHING = "SANDBOX:REFERENCE_MESSAGES"
SINCE_2000 = period_pb2.Period(begin_date=date_pb2.Date(year=2000, month=1, day=1))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def country():
    """A second mesh beside the first, of the official answers."""
    messages = reference.folder() / "messages"
    with scratch("mesh") as folder:
        options = Options(state=folder / "state", messages=messages, free_ports=True)
        async with Country.up(options) as up:
            yield up, messages


@pytest.mark.mesh
async def test_nothing_of_an_official_answer_is_lost_on_its_way_through_the_mesh(country):
    mesh, messages = country
    compared = dict.fromkeys(PLACES, 0)

    async with Institution.of(mesh.institution("pcsw-ghent")) as institution:
        for (contract, ssin), sources in persons(messages):
            asked = question(ssin, contract=contract, context=EVERYTHING)
            asked.period.CopyFrom(SINCE_2000)
            answer = await institution.consult(asked)
            assert_all_arrived(answer, sources)
            compared[contract] += len(sources)

    assert all(compared.values()), compared


def persons(messages):
    """What the sources hold, person by person under each contract."""

    def of_person(known):
        return known.contract, known.ssin

    known = sorted(official_answers(messages), key=of_person)
    return [(key, list(group)) for key, group in groupby(known, of_person)]


def assert_all_arrived(answer, sources):
    """Each source's answer is there: its status, and every field of its result."""
    results = {place(result): result for result in answer.results}
    for known in sources:
        assert answer.status.code != "MSG00013", outcome(answer)
        result = results[known.place]
        if not is_registered(known):
            assert result.status.code == "MSG00021"
        elif known.status.value == status_pb2.STATUS_VALUE_TECHNICAL_ERROR:
            assert result.status.value == status_pb2.STATUS_VALUE_TECHNICAL_ERROR
            assert not result.HasField("data")
        elif known.result is None:
            assert (result.status.value, result.status.code) == (
                known.status.value,
                known.status.code,
            )
            assert not result.HasField("data")
        else:
            assert result.status.code == "MSG00000"
            arrived = type(known.result)()
            assert result.data.Unpack(arrived)
            assert arrived == known.result
            assert set(known.filtered) <= set(answer.data_filters.filtered_elements)


def place(result):
    """Where a source is, as text."""
    of = result.information_supplier.supplier_identification.sector_institution
    return f"{of.sector}.{of.institution}"
