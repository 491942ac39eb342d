"""What is done again when a session ends or a race is lost, and what is not."""

import asyncio

import asyncpg
import pytest

from services.kit.errors import StoreUnavailable
from services.kit.postgres import ATTEMPTS, pool, retrying

AGAIN = [
    asyncpg.ConnectionDoesNotExistError("gone"),
    asyncpg.CannotConnectNowError("starting"),
    asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress"),
    asyncpg.InterfaceError("cannot perform operation: connection is closed"),
    asyncpg.DeadlockDetectedError("deadlock"),
    ConnectionResetError(),
]
NEVER = [asyncpg.InterfaceError("the server expects 1 argument"), asyncpg.DataError("no number")]


class Work:
    """Fails so many times, then answers."""

    def __init__(self, fault, times):
        self.fault, self.left, self.tried = fault, times, 0

    async def __call__(self):
        self.tried += 1
        if self.tried <= self.left:
            raise self.fault
        return "done"


@pytest.mark.parametrize("fault", AGAIN, ids=lambda fault: type(fault).__name__)
async def test_what_lost_its_session_or_a_race_is_done_again(fault):
    work = Work(fault, ATTEMPTS - 1)

    assert await retrying(work) == "done"
    assert work.tried == ATTEMPTS


@pytest.mark.parametrize("fault", AGAIN, ids=lambda fault: type(fault).__name__)
async def test_a_store_that_stays_away_is_unavailable(fault):
    with pytest.raises(StoreUnavailable):
        await retrying(Work(fault, ATTEMPTS))


@pytest.mark.parametrize("fault", NEVER, ids=lambda fault: type(fault).__name__)
async def test_a_mistake_of_ours_is_not_done_again(fault):
    work = Work(fault, 1)

    with pytest.raises(type(fault)):
        await retrying(work)
    assert work.tried == 1


async def test_a_session_that_the_server_ends_at_any_moment_is_a_store_that_is_away(postgres):
    database = await postgres.database("identification")
    ended, answers = 0, []
    async with pool(database.dsn, name="ended", most=2) as opened:
        ender = await asyncpg.connect(database.dsn)

        async def asking():
            for _ in range(100):
                try:
                    answers.append(await retrying(lambda: opened.fetchval("select 1")))
                except StoreUnavailable:
                    answers.append(StoreUnavailable)

        askers = asyncio.gather(asking(), asking())
        while not askers.done():
            ended += await ender.fetchval(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where application_name = 'cbss-ended'"
            )
            await asyncio.sleep(0.01)
        await ender.close()

    await askers
    assert len(answers) == 200
    assert set(answers) <= {1, StoreUnavailable}
    assert ended > 0


@pytest.mark.parametrize("holds", [False, True])
async def test_the_next_user_of_a_session_finds_what_was_held_only_where_nothing_holds(
    postgres, holds
):
    database = await postgres.database("identification")
    async with pool(database.dsn, name="held", most=1, holds=holds) as opened:
        await opened.execute("set work_mem = '123kB'")

        assert (await opened.fetchval("show work_mem") == "123kB") is not holds


async def test_a_transaction_that_was_left_open_is_rolled_back(postgres):
    database = await postgres.database("identification")
    async with pool(database.dsn, name="left", most=1) as opened:
        async with opened.acquire() as connection:
            asyncio.get_running_loop().set_exception_handler(lambda *_: None)
            await connection.execute("begin; select pg_current_xact_id()")

        assert await opened.fetchval("select pg_current_xact_id_if_assigned()") is None
