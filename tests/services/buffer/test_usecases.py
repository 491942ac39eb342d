"""The buffer answers as of the day on which the mesh received a question."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.buffer.definitions import definitions
from services.buffer.model import AskedStatus, FedFact, Question, Verdict
from services.buffer.usecases import Buffer
from services.concepts.period import Period
from services.kit.clock import day_asked
from tests.services.buffer.examples import MARC, NOBODY, TODAY, FakeStore, fact

MIDNIGHT = datetime(2026, 11, 24, 23, tzinfo=UTC)
"""The end of today in Belgium, and the last day on which the fact may be used."""
BEFORE, AFTER = MIDNIGHT - timedelta(seconds=30), MIDNIGHT + timedelta(seconds=30)
LONG_AGO = MIDNIGHT - timedelta(minutes=20)
ASKED = Question(MARC, Period(TODAY, TODAY), (AskedStatus("BIM_BVT"),))


def buffer(now):
    store = FakeStore(FedFact(MARC, fact(expires_on=TODAY)))
    return Buffer(store, definitions, lambda asked: day_asked(asked, now, timedelta(minutes=5)))


@pytest.mark.parametrize(
    ("ours", "asked_at", "is_usable"),
    [
        (BEFORE, BEFORE, True),
        (AFTER, BEFORE, True),
        (BEFORE, AFTER, False),
        (AFTER, AFTER, False),
        # A question that says nothing, or what no clock of the mesh can have said.
        (BEFORE, None, True),
        (AFTER, None, False),
        (AFTER, LONG_AGO, False),
        (AFTER, datetime.max.replace(tzinfo=UTC), False),
    ],
)
async def test_a_fact_may_be_used_on_the_day_of_the_question(ours, asked_at, is_usable):
    [found] = await buffer(ours).answer([replace(ASKED, asked_at=asked_at)])

    assert (found is not None) is is_usable
    if found is not None:
        assert [one.verdict for one in found] == [Verdict.APPLIES]


async def test_questions_of_two_days_are_answered_each_on_its_own():
    found = await buffer(AFTER).answer(
        [
            replace(ASKED, asked_at=AFTER),
            replace(ASKED, asked_at=BEFORE),
            replace(ASKED, asked_at=BEFORE, person=NOBODY),
        ]
    )

    assert [one is not None for one in found] == [False, True, False]
