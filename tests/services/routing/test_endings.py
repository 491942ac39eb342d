"""An exchange that is given up has an ending in the trail, whoever gave it up and why."""

import asyncio
import time
from contextlib import suppress
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.admission.usecases import Arrivals
from services.concepts.status import status
from services.kit.clock import DEADLINE
from services.kit.errors import PeerUnavailable
from services.routing.model import Outcome, Party
from services.routing.peers.audit import PeerTrail
from services.routing.usecases import CatalogueMembers, Consultations, Exchanges
from tests.services.routing import examples as ex
from tests.services.routing.test_consultations import FakeMesh

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BOTH = [ex.FIRST.digits, ex.SECOND.digits]


class Audit:
    """The audit service: keeps the first record of each id, while it is there."""

    def __init__(self):
        self.kept = {}
        self.away = False
        self.tried = asyncio.Event()

    async def RecordExchanges(self, request):
        self.tried.set()
        if self.away:
            raise PeerUnavailable
        for record in request.records:
            self.kept.setdefault(record.record_id, record)

    def endings(self):
        return [one for one in self.kept.values() if one.stage != record_pb.EXCHANGE_STAGE_INTENT]


class Hanging(FakeMesh):
    """A mesh whose sources answer when they are told what to do, or never."""

    def __init__(self):
        super().__init__()
        self.reached = asyncio.Event()
        self.told = asyncio.get_running_loop().create_future()

    async def ask(self, source, exchange, plan):
        self.reached.set()
        return await self.told


@pytest.fixture
async def audit():
    return Audit()


@pytest.fixture
async def trail(audit):
    made = PeerTrail(audit, new_id=uuid4, now=lambda: NOON, pause=timedelta(0))
    async with made:
        yield made


@pytest.fixture
async def peers():
    return Hanging()


def consulting(peers, trail):
    exchanges = Exchanges(*[peers] * 4, clock=lambda: NOON)
    arrivals = Arrivals(CatalogueMembers(peers), trail)
    made = Consultations(arrivals, exchanges, peers, trail, peers, clock=lambda: NOON)
    return made.consult(ex.exchange)


async def ended(audit, trail):
    async with trail:
        pass
    (ending,) = audit.endings()
    named = [one.supplier_cbe_number for one in ending.sources]
    return ending.stage, ending.reason, ending.status_value, named


async def test_a_client_that_leaves_while_sources_are_asked(audit, trail, peers):
    asked = asyncio.create_task(consulting(peers, trail))
    await peers.reached.wait()

    asked.cancel()
    await asyncio.wait([asked])

    stages = [one.stage for one in audit.kept.values()]
    assert stages == [record_pb.EXCHANGE_STAGE_INTENT]
    assert await ended(audit, trail) == (record_pb.EXCHANGE_STAGE_OUTCOME, "CANCELED", 0, BOTH)


async def test_a_deadline_that_is_spent_while_sources_are_asked(audit, trail, peers):
    context = copy_context()
    asked = asyncio.get_running_loop().create_task(consulting(peers, trail), context=context)
    await peers.reached.wait()
    context.run(DEADLINE.set, time.monotonic())

    asked.cancel()
    await asyncio.wait([asked])

    assert (await ended(audit, trail))[1] == "DEADLINE_SPENT"


async def test_a_fault_that_nobody_expected(audit, trail, peers):
    peers.told.set_exception(ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        await consulting(peers, trail)

    assert await ended(audit, trail) == (record_pb.EXCHANGE_STAGE_OUTCOME, "INTERNAL", 0, BOTH)


async def test_a_client_that_leaves_before_the_intent_is_durable_had_no_source_asked(
    audit, trail, peers
):
    audit.away = True
    asked = asyncio.create_task(consulting(peers, trail))
    await asyncio.sleep(0)
    asked.cancel()
    await asyncio.wait([asked])
    audit.away = False

    with suppress(ValueError):
        assert (await ended(audit, trail))[3] == []
    assert not peers.reached.is_set()


async def test_an_ending_waits_for_a_trail_that_is_away(audit, trail):
    audit.away = True
    trail.abandon(
        ex.exchange, Party(ex.centre, ex.centre), ex.plan, asyncio.CancelledError(), ex.plan.asked
    )
    await audit.tried.wait()

    audit.away = False

    assert (await ended(audit, trail))[1] == "CANCELED"


async def test_an_outcome_that_was_recorded_stays_the_only_one(audit, trail):
    party = Party(ex.centre, ex.centre)
    await trail.conclude(Outcome(ex.exchange, party, status("MSG00100")), ex.plan)

    trail.abandon(ex.exchange, party, ex.plan, asyncio.CancelledError(), ex.plan.asked)

    assert (await ended(audit, trail))[1:3] == ("", 2)
    assert {*audit.kept} == {str(UUID(int=2))}
