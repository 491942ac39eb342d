"""Answers to messages: once, in time, on the trail first; and what their sender reads."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from services.admission.model import Stage
from services.admission.usecases import Arrivals
from services.concepts.trail import NOTHING_CHANGED
from services.kit.errors import PeerUnavailable
from services.kit.postgres import pool
from services.routing.errors import AnsweredOtherwise, ReplyTooLate, SubmissionUnknown
from services.routing.notices.store import PostgresStore
from services.routing.submissions.model import Answer, AnswerState, Disposition
from services.routing.submissions.store import PostgresSubmissions
from services.routing.submissions.usecases import Submissions
from services.routing.usecases import CatalogueMembers
from tests.services.routing.examples import CENTRE, FIRST, MANAGER, NAME, PERSON
from tests.services.routing.notices.examples import NOW, SEAL, Country, FakeWakeups, call
from tests.services.routing.notices.test_store import new

YES, NO = Answer(Disposition.ACCEPTED, "f-1"), Answer(Disposition.REJECTED, "")
SENT = new(
    "r-1", to=(CENTRE, MANAGER), reply_by=NOW + timedelta(days=5), expires_at=NOW + timedelta(5)
)
TO_CENTRE, TO_MANAGER = (one.notice_id for one in SENT.notices)


class Trail:
    """Remembers what was put in writing."""

    def __init__(self):
        self.entries, self.fault = [], None

    async def record(self, *entries):
        if self.fault is not None:
            raise self.fault
        self.entries += entries


class Desk:
    """The use cases over a real store, at a time that can be put forward."""

    def __init__(self, connections):
        self.trail, self.wakeups, self.now = Trail(), FakeWakeups(), NOW
        self.notices = PostgresStore(connections, SEAL)
        members = CatalogueMembers(Country().catalogues)
        self.submissions = Submissions(
            Arrivals(members, self.trail),
            None,
            PostgresSubmissions(connections),
            self.wakeups,
            lambda: self.now,
        )

    async def answer(self, answer=YES, notice=TO_CENTRE, who=CENTRE):
        await self.submissions.answer(call(who, "AnswerSubmission"), notice, answer)

    async def answers(self, reference="r-1", who=FIRST):
        return await self.submissions.answers(call(who, "ListAnswers"), reference)

    def written(self):
        return [(one.stage, one.permitted, one.reason) for one in self.trail.entries]


@pytest.fixture
async def desk(postgres):
    database = await postgres.migrated("routing")
    async with pool(database.dsn, name="submissions") as connections:
        made = Desk(connections)
        await made.notices.add([SENT])
        yield made


async def test_an_answer_reaches_the_sender_and_its_notice_waits_no_more(desk):
    await desk.answer()

    of_centre, of_manager = await desk.answers()
    assert (of_centre.answer, of_centre.answered_at) == (YES, NOW)
    assert [one.state(NOW) for one in (of_centre, of_manager)] == [
        AnswerState.ANSWERED,
        AnswerState.WAITING,
    ]
    assert await desk.notices.waiting(CENTRE, 0, NOW, 10) == []
    assert len(await desk.notices.waiting(MANAGER, 0, NOW, 10)) == 1
    assert desk.wakeups.announced == [CENTRE.digits]
    act, reading = desk.trail.entries
    assert (act.stage, act.person, act.contract) == (Stage.ACT, PERSON, NAME)
    assert (reading.stage, reading.person) == (Stage.OUTCOME, PERSON)


async def test_the_same_answer_again_changes_nothing_and_another_is_refused(desk):
    await desk.answer()
    await desk.answer()
    with pytest.raises(AnsweredOtherwise):
        await desk.answer(NO)

    assert desk.written() == [
        (Stage.ACT, True, ""),
        (Stage.ACT, True, NOTHING_CHANGED),
        (Stage.ACT, False, "ANSWERED_OTHERWISE"),
    ]
    assert (await desk.answers())[0].answer == YES


async def test_of_two_answers_at_once_one_counts(desk):
    ended = await asyncio.gather(desk.answer(YES), desk.answer(NO), return_exceptions=True)

    assert sorted(type(one).__name__ for one in ended) == ["AnsweredOtherwise", "NoneType"]
    assert (await desk.answers())[0].answer == (YES if ended[0] is None else NO)


async def test_who_did_not_answer_by_the_date_is_told_and_may_not_any_more(desk):
    await desk.answer()
    desk.now = SENT.event.reply_by
    with pytest.raises(ReplyTooLate):
        await desk.answer(YES, TO_MANAGER, MANAGER)

    states = [one.state(desk.now) for one in await desk.answers()]
    assert states == [AnswerState.ANSWERED, AnswerState.UNANSWERED]
    assert await desk.notices.expire(desk.now, 10) == {MANAGER: 1}


async def test_nobody_answers_or_reads_what_is_anothers(desk):
    for wrong in (
        desk.answer(YES, TO_MANAGER),
        desk.answer(YES, UUID(int=0)),
        desk.answers(who=CENTRE),
        desk.answers("r-2"),
    ):
        with pytest.raises(SubmissionUnknown):
            await wrong

    assert {(permitted, reason) for _, permitted, reason in desk.written()} == {
        (False, "SUBMISSION_UNKNOWN")
    }


async def test_nothing_is_answered_or_read_without_the_trail(desk):
    desk.trail.fault = PeerUnavailable()
    for asked in (desk.answer(), desk.answers()):
        with pytest.raises(PeerUnavailable):
            await asked
    desk.trail.fault = None

    assert (await desk.answers())[0].answer is None


async def test_a_message_is_kept_once_with_its_event(desk):
    await desk.notices.add([SENT])

    assert [one.reply_by for one in await desk.answers()] == [SENT.event.reply_by] * 2
