"""What access decided a moment ago is good for whoever asks the same, and for nobody else."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from cbss.access.v1 import access_service_pb2 as access_pb

from services.concepts.decision import GOOD_FOR, Denied
from services.concepts.period import Period
from services.kit.errors import PeerUnavailable
from services.routing.model import Party
from services.routing.model.findings import Granted
from services.routing.peers.access import MOST_TIMES, PeerAccess
from tests.services.routing import examples as ex

CENTRE = Party(ex.centre, ex.centre)
MANAGER = Party(ex.manager, ex.manager)


class Access:
    """Grants what it is told to grant, on a set that has a name, while it is there."""

    def __init__(self):
        self.asked = []
        self.version = "one"
        self.grants = True
        self.away = False
        self.now = 100.0
        self.takes = 0

    async def CheckAccess(self, request):
        self.asked.append(request)
        self.passes(self.takes)
        if self.away:
            raise PeerUnavailable
        granted = access_pb.Decision(
            granted=access_pb.Granted(deliberation_number="N", deliberation_version=1)
        )
        refused = access_pb.Decision(
            refused=access_pb.Refused(reason=access_pb.REFUSAL_REASON_DATA_NOT_COVERED)
        )
        decision = granted if self.grants else refused
        return access_pb.CheckAccessResponse(
            decisions=[decision] * len(request.questions), snapshot_version=self.version
        )

    def passes(self, moments):
        self.now += moments * GOOD_FOR.total_seconds()

    def told(self):
        """Who was asked about in each call, with how often."""
        return [
            {
                one.customer_cbe_number: often
                for one, often in zip(said.questions, said.times, strict=True)
            }
            for said in self.asked
        ]


@pytest.fixture
def access():
    return Access()


@pytest.fixture
def peer(access):
    return PeerAccess(access, now=lambda: access.now)


def check(peer, party=CENTRE, day=ex.DAY, **changed):
    question = replace(ex.question, **changed)
    return peer.check(party, question, question.period, day)


@pytest.mark.parametrize(("grants", "kind"), [(True, Granted), (False, Denied)])
async def test_the_same_question_in_the_same_moment_is_asked_once(access, peer, grants, kind):
    access.grants = grants

    decided = [await check(peer) for _ in range(5)]

    assert {type(one) for one in decided} == {kind}
    assert len(access.asked) == 1


OTHERS = [
    {"party": MANAGER},
    {"day": ex.DAY + timedelta(days=1)},
    {"period": Period(ex.DAY, ex.DAY + timedelta(days=1))},
    {"contract": replace(ex.NAME, version=2)},
    {"head": replace(ex.question.head, legal_context="PCSW:OTHER")},
]


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: next(iter(other)))
async def test_another_question_is_asked(access, peer, other):
    await check(peer)

    await check(peer, **other)

    assert len(access.asked) == 2


async def test_persons_and_tickets_are_no_part_of_a_decision(access, peer):
    await check(peer)

    await check(peer, ssin=ex.SUCCESSOR, head=replace(ex.question.head, ticket="t-2"))

    assert len(access.asked) == 1


async def test_after_the_moment_it_is_asked_anew(access, peer):
    await check(peer)
    access.passes(1)
    access.grants, access.version = False, "two"

    assert isinstance(await check(peer), Denied)
    assert isinstance(await check(peer), Denied)
    assert len(access.asked) == 2


async def test_what_was_decided_on_another_set_is_forgotten(access, peer):
    await check(peer)
    access.grants, access.version = False, "two"
    # Another question tells that the set has changed.
    await check(peer, party=MANAGER)

    assert isinstance(await check(peer), Denied)


async def test_what_was_decided_on_the_same_set_is_as_good_as_what_came(access, peer):
    await check(peer)
    access.passes(0.9)
    await check(peer, party=MANAGER)
    access.passes(0.9)

    await check(peer)

    assert len(access.asked) == 2


async def test_the_moment_begins_when_it_is_asked(access, peer):
    access.takes = 1
    await check(peer)
    access.takes = 0

    await check(peer)

    assert len(access.asked) == 2


async def test_without_access_nothing_is_decided_after_the_moment(access, peer):
    await check(peer)
    access.away = True
    access.passes(1)

    with pytest.raises(PeerUnavailable):
        await check(peer)


async def test_access_is_told_how_often_was_asked(access, peer):
    for party in (CENTRE, MANAGER, CENTRE, CENTRE, MANAGER):
        await check(peer, party=party)
    access.passes(1)
    await asyncio.gather(check(peer), check(peer))
    access.passes(1)
    await check(peer)

    one, other = ex.CENTRE.digits, ex.MANAGER.digits
    assert access.told() == [{one: 1}, {other: 1}, {one: 4, other: 1}, {one: 1}]


async def test_access_is_not_told_of_days_that_are_over(access, peer):
    await check(peer)
    await check(peer)
    access.passes(1)

    await check(peer, party=MANAGER, day=ex.DAY + timedelta(days=1))

    assert access.told() == [{ex.CENTRE.digits: 1}, {ex.MANAGER.digits: 1}]


async def test_access_is_told_no_more_than_it_takes(access, peer):
    await check(peer)
    peer._unsaid.update(dict.fromkeys(peer._decided, 2 * MOST_TIMES))
    access.passes(1)

    await check(peer)

    assert access.told()[-1] == {ex.CENTRE.digits: MOST_TIMES}
