"""A server that stops leading and stays up, read-only: nothing of ours stays with it."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from services.kit.errors import StoreUnavailable
from services.kit.postgres import pool, retrying
from services.kit.sessions import LOST, leads, session, still_leads
from tests.support import postgres as servers
from tests.support.relay import relay
from tests.support.waiting import until

NAME = "failover"


class Door:
    """An address that leads to one server and later to another, as after a failover."""

    def __init__(self, port: int) -> None:
        self.leads_to = port

    async def __call__(self, reader, writer):
        await relay(self.leads_to, reader, writer)


@pytest.fixture(scope="module")
def old_server():
    """The server that leads at first."""
    with servers.running() as server:
        yield server


@pytest.fixture
async def failing_over(postgres, old_server):
    """The address of whichever server leads, and the way to fail over."""
    for server in (old_server, postgres):
        await _told(server, f"create database {NAME}")
        await _told(server, "create table t (n int)", NAME)
    door = Door(old_server.port)
    listening = await asyncio.start_server(door, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]

    async def fail_over():
        door.leads_to = postgres.port
        await _told(old_server, "alter system set default_transaction_read_only = on")
        await _told(old_server, "select pg_reload_conf()")

    try:
        yield (
            old_server.dsn("postgres", NAME).replace(f":{old_server.port}/", f":{port}/"),
            fail_over,
        )
    finally:
        listening.close()
        await _told(old_server, "alter system reset default_transaction_read_only")
        await _told(old_server, "select pg_reload_conf()")
        for server in (old_server, postgres):
            await _told(server, f"drop database {NAME} with (force)")


async def _told(server, statement, database="postgres"):
    connection = await asyncpg.connect(server.dsn("postgres", database))
    try:
        # Whoever fails over writes on the old server to the last.
        await connection.execute("set default_transaction_read_only = off")
        await connection.execute(statement)
    finally:
        await connection.close()


async def servers_of(opened):
    """The data directory that each of a few sessions at once is in."""
    return {await retrying(lambda: opened.fetchval("show data_directory")) for _ in range(8)}


async def test_changes_go_to_the_new_server_and_none_is_refused_for_long(failing_over):
    dsn, fail_over = failing_over
    async with pool(dsn, name="changes", most=2) as opened:

        async def put():
            return await retrying(lambda: opened.execute("insert into t values (1)"))

        await asyncio.gather(put(), put())
        await fail_over()

        assert await _until_answered(put) == "INSERT 0 1"
        for _ in range(8):
            assert await put() == "INSERT 0 1"


async def test_who_only_reads_leaves_the_old_server_too(failing_over):
    dsn, fail_over = failing_over
    async with pool(dsn, name="reading", most=2) as opened:
        [before] = await servers_of(opened)
        await fail_over()

        async def left():
            return before not in await servers_of(opened)

        await until(left)


async def test_who_only_listens_hears_that_its_server_does_not_lead(failing_over):
    dsn, fail_over = failing_over
    async with session(dsn, name="listening") as listening:
        assert await still_leads(listening)
        await fail_over()

        async def deaf():
            return not await still_leads(listening)

        await until(deaf)


async def test_no_session_begins_with_a_server_that_does_not_lead(old_server, failing_over):
    _, fail_over = failing_over
    await fail_over()

    async def refused():
        try:
            async with session(old_server.dsn("postgres", NAME), name="late"):
                return False
        except LOST:
            return True

    await until(refused)


async def test_a_connection_lives_no_longer_than_its_life(postgres):
    async with pool(
        postgres.dsn("postgres", "postgres"), name="life", most=1, life=timedelta(milliseconds=50)
    ) as opened:
        first = await opened.fetchval("select pg_backend_pid()")

        async def another():
            return await opened.fetchval("select pg_backend_pid()") != first

        await until(another)


async def _until_answered(put):
    while True:
        try:
            return await put()
        except StoreUnavailable:
            continue


def test_a_server_says_of_itself_whether_it_leads():
    class Told:
        in_hot_standby = "off"
        default_transaction_read_only = "on"

    class Connection:
        def get_settings(self):
            return Told()

    assert not leads(Connection())
