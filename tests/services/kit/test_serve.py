"""A real process: it becomes healthy, shows metrics, and ends without losing a call."""

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.kit.channels import channel
from services.kit.tls import ClientTls
from tests.support.echo import NAME, Stub
from tests.support.echo_process import CROWD
from tests.support.server import ANY_PORT

ROOT = Path(__file__).resolve().parents[3]
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Process:
    """The running echo service and what it logs."""

    def __init__(self, process: asyncio.subprocess.Process, client: ClientTls) -> None:
        self.process = process
        self.client = client
        self.ports: dict[str, int] = {}

    async def event(self, name: str) -> dict[str, object]:
        """Read the log on to the next event of that name."""
        assert self.process.stdout is not None
        while line := await asyncio.wait_for(self.process.stdout.readline(), 60):
            event: dict[str, object] = json.loads(line)
            if event["event"] == name:
                return event
        raise AssertionError(f"the process ended before {name!r}")

    async def ended(self) -> int:
        return await asyncio.wait_for(self.process.wait(), 60)

    def channel(self):
        address = f"127.0.0.1:{self.ports['port']}"
        return channel(address, server_name="directory", tls=self.client)

    @asynccontextmanager
    async def health(self):
        async with grpc.aio.insecure_channel(f"127.0.0.1:{self.ports['health_port']}") as opened:
            yield health_pb2_grpc.HealthStub(opened)

    async def http(self, request: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.ports["metrics_port"])
        writer.write(f"{request}\r\nHost: x\r\n\r\n".encode())
        answer = (await asyncio.wait_for(reader.read(), 60)).decode()
        writer.close()
        return answer


@pytest.fixture
async def echo(tmp_path, authority):
    files = authority.files(tmp_path, authority.workload("directory"), "directory")
    client = authority.files(tmp_path, authority.workload("routing"), "routing")
    addresses = {f"{what}_ADDRESS": ANY_PORT for what in ("LISTEN", "HEALTH", "METRICS")}
    path = os.pathsep.join([str(ROOT), str(ROOT / "protos" / "gen")])
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.echo_process"),
        env={**files.environment(), **addresses, "ENVIRONMENT": "test", "PYTHONPATH": path},
        stdout=asyncio.subprocess.PIPE,
    )
    running = Process(process, ClientTls.of(client))
    running.ports = await running.event("serving")
    try:
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_sigterm_during_two_hundred_calls_in_flight_loses_none(echo):
    async with echo.channel() as opened, echo.health() as health:
        stub = Stub(opened)
        calls = [asyncio.create_task(stub.Hold(number)) for number in range(CROWD)]
        await echo.event("holding")
        echo.process.send_signal(signal.SIGTERM)
        await echo.event("draining")

        state = await health.Check(health_pb2.HealthCheckRequest(service=NAME))
        assert state.status == NOT_SERVING
        assert await asyncio.gather(*calls) == list(range(CROWD))

    assert await echo.ended() == 0
    await echo.event("stopped")


async def test_a_second_signal_ends_at_once(echo):
    async with echo.channel() as opened:
        call = asyncio.create_task(Stub(opened).Hold(1))
        echo.process.send_signal(signal.SIGTERM)
        await echo.event("draining")
        echo.process.send_signal(signal.SIGTERM)

        assert await echo.ended() == 0
        call.cancel()
        await asyncio.wait([call])


async def test_health_speaks_for_the_process_and_for_each_service(echo):
    async with echo.health() as health:
        for name in ("", NAME):
            state = await health.Check(health_pb2.HealthCheckRequest(service=name))
            assert state.status == SERVING
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await health.Check(health_pb2.HealthCheckRequest(service="cbss.other.v1.Other"))
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_metrics_count_calls_by_rpc_and_code_and_nothing_else_is_served(echo):
    async with echo.channel() as opened:
        stub = Stub(opened)
        await stub.Echo(1)
        await asyncio.gather(stub.Fail(1), return_exceptions=True)

    metrics = await echo.http("GET /metrics HTTP/1.1")

    labels = 'rpc="cbss.echo.v1.EchoService/{}",service="echo"'
    for code, rpc in (("OK", "Echo"), ("INVALID_ARGUMENT", "Fail")):
        line = f'cbss_rpc_duration_seconds_count{{code="{code}",{labels.format(rpc)}}} 1.0'
        assert line in metrics
    assert (await echo.http("GET / HTTP/1.1")).startswith("HTTP/1.1 404 ")
    assert (await echo.http("POST /metrics HTTP/1.1")).startswith("HTTP/1.1 405 ")


async def test_a_process_with_unusable_settings_says_all_that_is_wrong(tmp_path):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.echo_process"),
        env={
            "PYTHONPATH": str(ROOT),
            "ENVIRONMENT": "moon",
            "LISTEN_ADDRESS": "nowhere",
            "CERTIFICATE_FILE": str(tmp_path / "absent"),
        },
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)

    assert process.returncode == 2
    [lines] = [json.loads(line)["settings"] for line in said.splitlines()]
    assert "is not host:port" in lines["LISTEN_ADDRESS"]
    assert "cannot be read" in lines["CERTIFICATE_FILE"]
    assert {"ENVIRONMENT", "HEALTH_ADDRESS", "PRIVATE_KEY_FILE", "AUTHORITY_FILE"} <= set(lines)
