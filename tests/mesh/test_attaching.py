"""A source behind a firewall: it calls the mesh, and is asked on its own call."""

import pytest_asyncio

from sandbox.sources import source_states
from tests.mesh import test_batches
from tests.mesh.asking import ATTACHED, DISABLED, DSL, consult, outcome, question, until_it_answers
from tests.support.waiting import until


async def asked(mesh):
    return await consult(mesh, question(ATTACHED, criteria=DSL))


async def is_answered(mesh):
    return outcome(await asked(mesh)).startswith("DATA_FOUND")


@pytest_asyncio.fixture(loop_scope="session")
async def attached(mesh):
    """The source is attached, also when the test is over."""
    await until_it_answers(mesh)
    await until(lambda: is_answered(mesh))
    yield
    await until(lambda: is_answered(mesh))


async def test_a_source_behind_a_firewall_answers_as_any_other(mesh, trail, attached):
    answer = await asked(mesh)

    assert outcome(answer).startswith("DATA_FOUND")
    [result] = answer.results
    place = result.information_supplier.supplier_identification.sector_institution
    assert (place.sector, result.HasField("data")) == (45, True)
    records = await trail.of_ticket(answer.information_cbss.ticket_cbss)
    assert [leg.status_code for leg in records[-1].sources] == ["MSG00000"]
    assert "dsl" in {one["source"] for one in await source_states(mesh.state)}


async def test_a_batch_reaches_a_source_that_attached_and_waits_for_one_that_is_away(
    mesh, attached
):
    await mesh.stop("dsl", kill=True)
    try:
        taken = await test_batches.submit(mesh, *[ATTACHED, DISABLED] * 150, criteria=DSL)
    finally:
        await mesh.start("dsl")
    await test_batches.until_done(mesh, taken.batch.batch_id)
    results = await test_batches.results_of(mesh, taken.batch.batch_id)

    assert {one.status.code for one in results[0::2]} == {"MSG00000"}
    assert {one.status.code for one in results[1::2]} == {"MSG00021"}


async def test_a_source_that_is_gone_is_a_technical_error_and_attaches_again(mesh, attached):
    await mesh.stop("dsl", kill=True)
    try:
        answer = await asked(mesh)
    finally:
        await mesh.start("dsl")

    assert [one.status.code for one in answer.results] == ["CBSS20001"]


async def test_a_process_that_is_killed_is_attached_to_again_when_it_is_back(mesh, attached):
    await mesh.stop("attach", kill=True)
    try:
        answer = await asked(mesh)
    finally:
        await mesh.start("attach")

    assert [one.status.code for one in answer.results] == ["CBSS20001"]
