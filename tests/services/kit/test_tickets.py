"""One effect and one answer for each ticket, whatever happens between the two."""

import asyncio
from datetime import timedelta

import pytest
from cbss.directory.v1 import directory_service_pb2 as pb

from services.kit import tickets
from services.kit.errors import PeerUnavailable, StillInWork, TicketReused
from services.kit.postgres import pool
from services.kit.tickets import Tickets

TICKET = ("NTRBE-0899990348", "cbss.x.v1.XService/Do", "t-1")


@pytest.fixture
async def connections(postgres):
    database = await postgres.migrated("directory")
    async with pool(database.dsn, name="tickets") as opened:
        yield opened


class Work:
    """Counts its effects; fails or waits when told to."""

    def __init__(self, known):
        self.known, self.effects, self.made, self.repeats = known, 0, [], 0
        self.fault, self.gate, self.begun = None, None, asyncio.Event()

    async def do(self):
        self.begun.set()
        if self.gate is not None:
            await self.gate.wait()
        async with self.known.pool.acquire() as connection, connection.transaction():
            await tickets.hold(connection)
            self.made.append(tickets.new_id())
        self.effects += 1
        if self.fault is not None:
            raise self.fault
        return pb.UnsubscribeResponse(ticket_cbss=f"answer {self.effects}")

    async def again(self):
        self.repeats += 1

    async def ask(self, subscription="s-1", ticket=TICKET, final=lambda _: True):
        request = pb.UnsubscribeRequest(subscription_id=subscription)
        answer = await self.known.once(ticket, request, self.do, self.again, final)
        return answer.ticket_cbss


@pytest.fixture
def work(connections):
    return Work(Tickets(connections, b"secret"))


async def past(connections, column, since):
    """Make as if something had been that long ago."""
    await connections.execute(f"update used_ticket set {column} = now() - $1::interval", since)


async def test_a_repeat_has_no_effect_and_the_first_answer_and_is_admitted_anew(work):
    assert [await work.ask(), await work.ask()] == ["answer 1", "answer 1"]
    assert (work.effects, work.repeats) == (1, 1)


async def test_a_repeat_that_may_not_be_any_more_reads_nothing(work):
    await work.ask()

    async def refused():
        raise PeerUnavailable

    work.again = refused
    with pytest.raises(PeerUnavailable):
        await work.ask()


async def test_other_content_under_a_used_ticket_is_refused(work):
    await work.ask("s-1")

    with pytest.raises(TicketReused):
        await work.ask("s-2")
    assert work.effects == 1


@pytest.mark.parametrize("place", range(3))
async def test_another_caller_rpc_or_ticket_is_another_call(work, place):
    await work.ask()
    other = tuple(part + "x" if n == place else part for n, part in enumerate(TICKET))

    assert await work.ask("s-2", other) == "answer 2"


async def test_a_repeat_while_the_first_is_in_work_comes_back_later(work):
    work.gate = asyncio.Event()
    first = asyncio.create_task(work.ask())
    await work.begun.wait()

    with pytest.raises(StillInWork) as waits:
        await work.ask()
    work.gate.set()

    assert waits.value.retry_after == timedelta(seconds=1)
    assert await first == await work.ask() == "answer 1"


async def test_of_many_at_once_one_has_the_effect(work):
    answers = await asyncio.gather(*(work.ask() for _ in range(20)), return_exceptions=True)

    assert work.effects == 1
    assert {str(one) for one in answers if isinstance(one, str)} == {"answer 1"}
    assert {type(one) for one in answers} <= {str, StillInWork}


async def test_what_is_not_final_is_not_kept(work):
    await work.ask(final=lambda _: False)

    assert await work.ask() == "answer 2"


async def test_what_failed_or_was_given_up_is_done_anew_at_once(work):
    work.fault = PeerUnavailable()
    with pytest.raises(PeerUnavailable):
        await work.ask()
    work.fault, work.gate = None, asyncio.Event()
    work.begun.clear()
    leaving = asyncio.create_task(work.ask())
    await work.begun.wait()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    work.gate.set()

    assert await work.ask() == "answer 2"
    assert len(set(work.made)) == 1


async def test_after_a_crash_the_ticket_is_free_within_its_lease_and_the_dead_change_nothing(
    work, connections
):
    work.gate = asyncio.Event()
    late = asyncio.create_task(work.ask())
    await work.begun.wait()
    await past(connections, "held_until", timedelta(seconds=1))
    other = Work(work.known)

    assert await other.ask() == "answer 1"
    work.gate.set()
    with pytest.raises(StillInWork):
        await late
    assert work.effects == 0
    assert await work.ask() == "answer 1"


async def test_a_ticket_is_known_for_a_day(work, connections):
    await work.ask()
    await past(connections, "used_at", tickets.KEPT + timedelta(seconds=1))

    assert await work.ask("s-2") == "answer 2"
    assert len(set(work.made)) == 2
    await past(connections, "used_at", tickets.KEPT + timedelta(seconds=1))
    assert [await work.known.forget(), await work.known.forget()] == [1, 0]


async def test_nothing_of_who_asked_what_is_kept_in_plain(work, connections):
    await work.ask("a-recognizable-subscription")

    (row,) = await connections.fetch("select * from used_ticket")
    kept = b" ".join(one for one in row.values() if isinstance(one, bytes))
    for part in (*TICKET, "recognizable", "answer 1"):
        assert part.encode() not in kept


async def test_the_form_in_which_a_request_comes_does_not_matter(work):
    plain = pb.UnsubscribeRequest(subscription_id="s-1")
    unknown = pb.UnsubscribeRequest.FromString(plain.SerializeToString() + b"\xf8\x7f\x01")
    assert unknown.SerializeToString() != plain.SerializeToString()

    first = await work.known.once(TICKET, plain, work.do, work.again)

    assert await work.known.once(TICKET, unknown, work.do, work.again) == first
