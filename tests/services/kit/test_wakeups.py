"""Waking over PostgreSQL: at once, across lost connections, and at the latest by the sweep."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest
from prometheus_client import REGISTRY

from services.kit.wakeups import Wakeups
from tests.support.waiting import until

LONG = timedelta(hours=1)


@asynccontextmanager
async def kept(dsn, sweep=LONG):
    """Wake-ups that are kept during the block."""
    wakeups = Wakeups(dsn, "example", sweep, gathering=timedelta(0))
    keeping = asyncio.create_task(wakeups.keep())
    try:
        yield wakeups
    finally:
        keeping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await keeping


async def listening(admin, count):
    """Wait until so many sessions listen; whatever was announced before is then swept."""

    async def do():
        return count == await admin.fetchval(
            "select count(*) from pg_stat_activity where application_name = 'cbss-wakeups'"
            " and query like 'select %' and state = 'idle'"
        )

    await until(do)


def shown(name):
    """What a metric of the channel shows; nothing while it shows nothing."""
    return REGISTRY.get_sample_value(name, {"channel": "example"})


@pytest.fixture
async def database(postgres):
    return await postgres.database("routing")


@pytest.fixture
async def admin(postgres, database):
    """A superuser, who sees and ends the sessions of others."""
    connection = await asyncpg.connect(postgres.dsn("postgres", database.name))
    yield connection
    await connection.close()


async def test_who_waits_for_a_key_is_woken_in_every_process(database, admin):
    async with kept(database.dsn) as here, kept(database.dsn) as there:
        await listening(admin, 2)
        async with here.waiter("a") as own, there.waiter("a") as other, there.waiter("b") as none:
            here.announce(["a"])
            await asyncio.gather(own.wait(), other.wait())
            assert not none.is_set()


async def test_a_listener_whose_session_is_ended_hears_again(database, admin):
    async with kept(database.dsn) as wakeups, wakeups.waiter("a") as woken:
        for _ in range(3):
            await listening(admin, 1)
            await admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'cbss-wakeups'"
            )
            woken.clear()
            wakeups.announce(["a"])
            await woken.wait()


async def test_how_long_nobody_could_be_woken_is_shown_and_how_full_the_queue_is(database, admin):
    async with kept(database.dsn, sweep=timedelta(milliseconds=10)):

        async def looked():
            return shown("cbss_wakeups_queue_ratio") is not None

        await until(looked)
        assert shown("cbss_wakeups_age_seconds") >= 0
        assert 0 <= shown("cbss_wakeups_queue_ratio") < 1


async def test_what_nobody_announced_is_found_by_the_sweep(database):
    async with (
        kept(database.dsn, sweep=timedelta(milliseconds=20)) as wakeups,
        wakeups.waiter("a") as woken,
    ):
        for _ in range(3):
            woken.clear()
            await woken.wait()


async def test_what_was_announced_before_there_was_a_connection_is_not_missed(database):
    wakeups = Wakeups(database.dsn, "example", LONG, gathering=timedelta(0))
    async with wakeups.waiter("a") as woken:
        wakeups.announce(["a"])
        keeping = asyncio.create_task(wakeups.keep())
        await woken.wait()
        keeping.cancel()


async def test_a_server_that_takes_no_writes_is_left(database, admin):
    name = await admin.fetchval("select current_database()")
    await admin.execute(f"alter database {name} set default_transaction_read_only = on")
    async with (
        kept(database.dsn, sweep=timedelta(milliseconds=10)) as wakeups,
        wakeups.waiter("a") as woken,
    ):
        await asyncio.sleep(0)
        assert not woken.is_set()
        await admin.execute("set transaction read write")
        await admin.execute(f"alter database {name} reset default_transaction_read_only")
        await woken.wait()
