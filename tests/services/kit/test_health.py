"""Ready is who has what it needs, alive is whose loop turns; who leaves is told first."""

import asyncio

import asyncpg
import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.kit.health import LIVE, NOT_SERVING, SERVING, Health
from services.kit.pulse import Pulse
from tests.support.waiting import until

NAME = "cbss.echo.v1.EchoService"


class Need:
    """Something that is there or not."""

    def __init__(self):
        self.is_met = True

    def __call__(self):
        return self.is_met


@pytest.fixture
async def watched():
    need = Need()
    health = Health([NAME], {"catalogue": need})
    async with (
        health.listen("127.0.0.1:0") as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as opened,
    ):
        yield health, need, health_pb2_grpc.HealthStub(opened)


async def state(stub, name=""):
    return (await stub.Check(health_pb2.HealthCheckRequest(service=name))).status


async def test_who_misses_what_it_needs_is_not_ready_but_alive(watched, capsys):
    _, need, stub = watched
    assert [await state(stub, name) for name in ("", NAME, LIVE)] == [SERVING] * 3

    need.is_met = False

    async def not_ready():
        return await state(stub) == NOT_SERVING

    await until(not_ready)
    assert [await state(stub, name) for name in (NAME, LIVE)] == [NOT_SERVING, SERVING]
    assert "catalogue" in capsys.readouterr().out
    need.is_met = True

    async def ready():
        return await state(stub) == SERVING

    await until(ready)


async def test_who_stops_is_not_ready_but_alive_until_the_end(watched):
    health, _, stub = watched
    health.drain()

    assert [await state(stub, name) for name in ("", NAME, LIVE)] == [
        NOT_SERVING,
        NOT_SERVING,
        SERVING,
    ]


async def test_a_caller_that_watches_hears_at_once_and_then_the_end(watched):
    health, _, stub = watched
    watching = stub.Watch(health_pb2.HealthCheckRequest())
    assert (await watching.read()).status == SERVING

    health.drain()
    assert (await watching.read()).status == NOT_SERVING
    health.close()
    assert await watching.read() is grpc.aio.EOF


async def test_who_asks_regularly_is_waited_for_until_he_knows(watched):
    health, _, stub = watched
    await state(stub)
    await state(stub)
    health.drain()

    assert not health.is_known()
    await state(stub)
    assert health.is_known()


async def test_who_asked_once_is_not_waited_for(watched):
    health, _, stub = watched
    await state(stub)
    health.drain()

    assert health.is_known()


class Database:
    """Answers, or is away."""

    def __init__(self):
        self.is_away = False

    async def fetchval(self, _statement):
        if self.is_away:
            raise asyncpg.CannotConnectNowError("away")


async def test_a_database_that_is_away_has_no_pulse_and_one_that_is_back_has(monkeypatch):
    monkeypatch.setattr("services.kit.pulse.PATIENCE", 0.2)
    monkeypatch.setattr("services.kit.pulse.EVERY", 0.01)
    database = Database()
    pulse = Pulse(database)
    keeping = asyncio.create_task(pulse.keep())

    async def beats():
        return pulse.beats()

    async def stopped():
        return not pulse.beats()

    await until(beats)
    database.is_away = True
    await until(stopped)
    database.is_away = False
    await until(beats)
    keeping.cancel()
    await asyncio.wait([keeping])
