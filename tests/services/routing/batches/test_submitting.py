"""Handing a batch over: taken whole or not at all, once for each ticket."""

import asyncio

import pytest

from services.admission.errors import OrganizationUnknown
from services.concepts.decision import Denied
from services.concepts.failures import InvalidArgument
from services.kit.errors import TicketReused
from services.routing.batches import rules
from services.routing.batches.model import MOST_ITEMS, BatchState, Item
from tests.services.routing.batches.examples import NOW, items, person

PERSONS = [person(number) for number in range(1, 8)]


async def rows(country):
    """How many batches and chunks there are, known or not."""
    return (
        await country.pool.fetchval("select count(*) from batch"),
        await country.pool.fetchval("select count(*) from batch_chunk"),
    )


async def test_a_batch_waits_whole_and_is_due_in_four_days(country):
    taken = await country.submit(*PERSONS)

    batch = taken.batch

    assert (batch.state, batch.item_count, batch.done_count) == (BatchState.WAITING, 7, 0)
    assert batch.due_at - batch.submitted_at == rules.USUAL_TERM
    assert country.wakeups.announced == ["work"]


async def test_an_agreed_term_counts(country):
    taken = await country.submit(*PERSONS, term={"seconds": 3600})

    assert (taken.batch.due_at - taken.batch.submitted_at).total_seconds() == 3600


async def test_the_same_again_is_answered_with_the_state_of_the_first(country):
    first = await country.submit(*PERSONS)
    await country.work()
    again = await country.submit(*PERSONS)

    assert again.is_repeat
    assert again.batch.batch_id == first.batch.batch_id
    assert again.batch.state is BatchState.DONE
    assert len(country.audit.lines()) == 7
    assert await rows(country) == (1, 3)


@pytest.mark.parametrize(
    "other",
    [
        {"texts": PERSONS[:6]},
        {"texts": [*reversed(PERSONS)]},
        {"texts": PERSONS, "term": {"seconds": 3600}},
        {"texts": PERSONS, "date": {"year": 2026, "month": 1, "day": 1}},
        {"texts": PERSONS, "context": "PCSW:OTHER"},
    ],
)
async def test_a_used_ticket_with_other_content_is_refused(country, other):
    await country.submit(*PERSONS)
    texts = other.pop("texts")

    with pytest.raises(TicketReused):
        await country.submit(*texts, **other)
    assert await rows(country) == (1, 3)


async def test_two_at_the_same_time_with_one_ticket_become_one(country):
    both = await asyncio.gather(*(country.submit(*PERSONS) for _ in range(2)))

    assert len({one.batch.batch_id for one in both}) == 1
    assert sorted(one.is_repeat for one in both) == [False, True]
    assert await rows(country) == (1, 3)


async def test_what_no_deliberation_allows_is_answered_and_nothing_taken(country):
    country.mesh.verdict = Denied("NO_DELIBERATION", None, "v1")
    refused = await country.submit(*PERSONS)

    assert (refused.status.code.code, refused.batch) == ("MSG00013", None)
    assert await rows(country) == (0, 0)
    assert country.audit.heads() == [("REFUSAL", 0, "NO_DELIBERATION")]


async def test_days_that_make_no_sense_are_named(country):
    refused = await country.submit(*PERSONS, date={"year": 2026, "month": 2, "day": 31})

    assert refused.status.code.code == "MSG00008"
    assert ("fieldName", "date") in refused.status.information


async def test_who_is_not_known_hands_nothing_over(country):
    catalogue = country.mesh.catalogue
    country.mesh.catalogue = type(catalogue)({}, catalogue.contracts)

    with pytest.raises(OrganizationUnknown):
        await country.submit(*PERSONS)
    assert await rows(country) == (0, 0)


async def test_too_many_items_leave_nothing_behind(country, monkeypatch):
    monkeypatch.setattr("services.routing.batches.usecases.submitting.MOST_ITEMS", 6)
    with pytest.raises(InvalidArgument) as refused:
        await country.submit(*PERSONS)

    assert refused.value.violations[0].field == "items"
    assert await rows(country) == (0, 0)
    assert MOST_ITEMS == 500_000


async def test_a_batch_of_nobody_is_refused(country):
    with pytest.raises(InvalidArgument):
        await country.submit()
    assert await rows(country) == (0, 0)


async def test_a_stream_that_is_cut_leaves_nothing_behind(country):
    async def cut():
        yield items(*PERSONS)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await country.submissions.submit(country.order(), cut())
    assert await rows(country) == (0, 0)


async def test_what_was_never_whole_is_forgotten_and_its_ticket_free(country):
    order = country.order()
    await country.intake.begin(order, b"", order.question.head.customer)
    await country.intake.add_items(order.batch_id, 0, [Item(PERSONS[0], "", None)])
    assert not await country.works.step()
    country.now = NOW + country.upkeep.receiving * 2

    assert await country.upkeep.step() == 1
    assert await rows(country) == (0, 0)


async def test_persons_rest_sealed(country):
    await country.submit(*PERSONS)
    await country.works.step()
    kept = await country.pool.fetch("select * from batch join batch_chunk using (batch_id)")

    plain = " ".join(str(value) for row in kept for value in row.values())
    assert not any(one in plain for one in PERSONS)
