"""Replicas come and go behind a name, as real processes; whoever calls them notices nothing."""

import asyncio
import os
import re
import signal
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from services.kit.channels import channel
from services.kit.settings import ServiceSettings
from services.kit.tls import ClientTls
from tests.support.echo import Stub
from tests.support.names import common_port, named
from tests.support.server import ANY_PORT
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[3]
HOSTS = [f"127.0.0.{number}" for number in range(2, 8)]
RATE = 50
"""Calls a second."""
ANSWERED = re.compile(r'cbss_rpc_duration_seconds_count\{[^}]*rpc="[^"]*/Echo"[^}]*\} ([0-9.]+)')


class Replicas:
    """The replicas of one service: started before they are named, unnamed as they are stopped."""

    def __init__(self, names, port, environment):
        self.names, self.port, self.environment = names, port, environment
        self.running = {}
        self.metrics = {}

    async def start(self, host):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.echo_process"),
            env={**self.environment, "LISTEN_ADDRESS": f"{host}:{self.port}"},
            stdout=asyncio.subprocess.PIPE,
        )
        self.running[host] = process
        while b'"serving"' not in (line := await process.stdout.readline()):
            assert line, "the replica ended"
        [found] = re.findall(rb'"metrics_port": (\d+)', line)
        self.metrics[host] = int(found)
        self.names.addresses = [*self.names.addresses, host]

    async def stop(self, host):
        self.names.addresses = [name for name in self.names.addresses if name != host]
        self.running[host].send_signal(signal.SIGTERM)
        await self.running[host].communicate()
        assert self.running.pop(host).returncode == 0

    async def answered(self, host):
        """How many calls a replica has answered."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.metrics[host])
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        told = (await reader.read()).decode()
        writer.close()
        return sum(map(float, ANSWERED.findall(told)))


@pytest.fixture
async def replicas(tmp_path, authority):
    files = authority.files(tmp_path, authority.workload("directory"), "directory")
    path = os.pathsep.join([str(ROOT), str(ROOT / "protos" / "gen")])
    environment = {
        **files.environment(),
        "HEALTH_ADDRESS": ANY_PORT,
        "METRICS_ADDRESS": ANY_PORT,
        "ENVIRONMENT": "test",
        "PYTHONPATH": path,
        # Long enough for calls, short enough for a test.
        "CONNECTION_AGE": "2",
    }
    async with named() as (names, where):
        port = common_port(HOSTS)
        some = Replicas(names, port, environment)
        some.address = f"{where}/echo.mesh:{port}"
        await asyncio.gather(*(some.start(host) for host in HOSTS[:2]))
        try:
            yield some
        finally:
            for process in some.running.values():
                process.kill()
                await process.communicate()


@asynccontextmanager
async def calling(replicas, tmp_path, authority):
    """Call them all the time during the block; every one of the calls must be answered."""
    tls = ClientTls.of(authority.files(tmp_path, authority.workload("routing"), "routing"))
    async with AsyncExitStack() as opened:
        opening = channel(replicas.address, server_name="directory", tls=tls)
        stub = Stub(await opened.enter_async_context(opening))
        calls, ended = [], asyncio.Event()

        async def call_always():
            while not ended.is_set():
                calls.append(asyncio.create_task(stub.Echo(len(calls))))
                await asyncio.sleep(1 / RATE)

        running = asyncio.create_task(call_always())
        await until(lambda: _true(any(call.done() for call in calls)))
        yield
        ended.set()
        await running
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert not failed, f"{len(failed)} of {len(calls)}: {failed[0]!r}"


async def _true(holds):
    return holds


async def test_a_rolling_restart_costs_no_call(replicas, tmp_path, authority):
    async with calling(replicas, tmp_path, authority):
        for old, new in zip(HOSTS[:2], HOSTS[2:4], strict=True):
            await replicas.start(new)
            await replicas.stop(old)


async def test_calls_spread_over_new_replicas_and_leave_those_that_go(
    replicas, tmp_path, authority
):
    async with calling(replicas, tmp_path, authority):
        await asyncio.gather(*(replicas.start(host) for host in HOSTS[2:4]))

        async def spread():
            return all([await replicas.answered(host) for host in HOSTS[2:4]])

        await until(spread)
        await asyncio.gather(*(replicas.stop(host) for host in HOSTS[:2]))


async def test_a_replica_that_takes_the_place_of_the_only_one_costs_no_call(
    replicas, tmp_path, authority
):
    await replicas.stop(HOSTS[1])
    async with calling(replicas, tmp_path, authority):
        await replicas.start(HOSTS[2])
        await replicas.stop(HOSTS[0])


def test_a_client_finds_new_replicas_within_a_minute_unless_told_otherwise():
    assert ServiceSettings.model_fields["connection_age"].default.total_seconds() * 1.1 <= 60
