"""The one layer around every RPC, over real mutual TLS."""

import asyncio
import hashlib
from datetime import timedelta
from urllib.parse import quote

import grpc
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from google.rpc import error_details_pb2, status_pb2
from structlog.testing import capture_logs

from sandbox.authority import Authority as CitizensAuthority
from services.concepts.failures import DeadlineSpent, Unavailable
from services.kit import status
from services.kit.bounds import MESSAGE
from services.kit.clock import within
from services.kit.errors import CallerUnknown, PeerFailed, StoreUnavailable
from services.kit.forwarded import HEADER
from tests.support.echo import CALLERS, LONG, NAME, Servicer, Stub, service
from tests.support.server import served


@pytest.fixture
def servicer() -> Servicer:
    return Servicer()


@pytest.fixture
async def echo(tmp_path, authority, servicer):
    async with served(tmp_path, authority, [service(servicer)], CALLERS) as running:
        yield running


@pytest.fixture
async def as_routing(echo, authority):
    return Stub(await echo.raw(authority.workload("routing")))


def details(fault: grpc.aio.AioRpcError) -> dict[str, object]:
    """The rich status of an error, its details by kind."""
    (raw,) = [value for key, value in fault.trailing_metadata() if key.endswith("details-bin")]
    status = status_pb2.Status.FromString(raw)
    assert status.code == fault.code().value[0]
    found: dict[str, object] = {}
    for detail in status.details:
        kind = getattr(error_details_pb2, detail.TypeName().rpartition(".")[2])
        assert kind.DESCRIPTOR.name not in found
        found[kind.DESCRIPTOR.name] = kind.FromString(detail.value)
    return found


async def refused(call) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await asyncio.wait_for(call, 5)
    return caught.value


async def test_all_four_kinds_of_calls_are_answered(as_routing):
    assert await as_routing.Echo(7) == 7
    assert [value async for value in as_routing.Count(3)] == [0, 1, 2]
    assert await as_routing.Sum(iter([1, 2, 3])) == 6
    assert [value async for value in as_routing.Talk(iter([1, 2]))] == [-1, -2]


async def test_a_failure_in_a_task_group_becomes_its_code_and_details(as_routing):
    fault = await refused(as_routing.Fail(1))

    assert fault.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert fault.details() == "The request has fields that cannot be used."
    found = details(fault)
    assert found["ErrorInfo"].reason == "INVALID_ARGUMENT"
    assert found["ErrorInfo"].domain == "cbss"
    assert dict(found["ErrorInfo"].metadata) == {"limit": "3"}
    assert found["BadRequest"].field_violations[0].field == "person.ssin"


async def test_a_failure_in_mid_stream_follows_what_was_sent(as_routing):
    call = as_routing.Count(5)
    values = []
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        values.extend([value async for value in call])

    assert details(caught.value)["ErrorInfo"].reason == "INVALID_ARGUMENT"


async def read_all(call, values):
    """Put down what comes, until it ends."""
    while True:
        values.append(await call.read())


async def test_a_stream_that_nobody_reads_ends_and_brings_what_was_sent_before(
    tmp_path, authority, servicer
):
    patience = timedelta(seconds=0.2)
    async with served(
        tmp_path, authority, [service(servicer)], CALLERS, reader_patience=patience
    ) as running:
        stub = Stub(await running.raw(authority.workload("routing")))
        call = stub.Flood(100_000)
        values = [await call.read()]
        await asyncio.wait_for(servicer.flooded.wait(), 20)
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await read_all(call, values)

    assert ended.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert details(ended.value)["ErrorInfo"].reason == "READER_SLOW"
    assert "RetryInfo" in details(ended.value)
    assert values == list(range(LONG, LONG + len(values)))


async def test_an_unknown_exception_says_nothing_to_the_caller_nor_to_the_log(as_routing):
    with capture_logs() as logged:
        fault = await refused(as_routing.Crash(1))

    assert fault.code() is grpc.StatusCode.INTERNAL
    assert details(fault)["ErrorInfo"].reason == "INTERNAL"
    assert "secret" not in f"{fault.details()} {logged}"
    assert logged[0]["fault"] == "builtins.RuntimeError"
    assert "Crash" in logged[0]["frames"][-1]


@pytest.mark.parametrize("rpc", ["Echo", "Count"])
async def test_an_unreadable_message_is_refused_with_the_field(echo, authority, rpc):
    channel = await echo.raw(authority.workload("routing"))
    shape = channel.unary_stream if rpc == "Count" else channel.unary_unary
    call = shape(f"/{NAME}/{rpc}")(b"\xff\xfe")

    fault = await refused(call.read() if rpc == "Count" else call)

    assert fault.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert details(fault)["ErrorInfo"].reason == "MESSAGE_UNREADABLE"
    assert details(fault)["BadRequest"].field_violations[0].field


async def test_an_oversize_message_is_refused_with_the_limit(echo, authority):
    channel = await echo.raw(authority.workload("routing"))
    call = channel.unary_unary(f"/{NAME}/Echo")

    fault = await refused(call(b"1" * (MESSAGE + 1)))

    assert fault.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert details(fault)["ErrorInfo"].reason == "MESSAGE_TOO_LARGE"
    assert details(fault)["BadRequest"].field_violations
    far_too_large = await refused(call(b"1" * 5 * MESSAGE))
    assert far_too_large.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


@pytest.mark.parametrize("rpc", ["Echo", "Unknown", "Unwritten"])
async def test_a_workload_that_is_not_listed_learns_nothing_else(echo, authority, rpc):
    stub = Stub(await echo.raw(authority.workload("buffer")))

    fault = await refused(getattr(stub, rpc)(1))

    assert fault.code() is grpc.StatusCode.PERMISSION_DENIED
    assert details(fault)["ErrorInfo"].reason == "CALLER_NOT_LISTED"


async def test_an_rpc_that_stands_in_no_table_is_refused(as_routing):
    fault = await refused(as_routing.Unknown(1))

    assert fault.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_an_rpc_that_is_not_written_yet_is_unimplemented(as_routing):
    fault = await refused(as_routing.Unwritten(1))

    assert fault.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize(
    "uris",
    [
        [],
        ["https://cbss/routing"],
        ["spiffe://other/routing"],
        ["spiffe://cbss/routing", "spiffe://cbss/gateway"],
    ],
)
async def test_a_certificate_that_names_no_single_workload_is_unknown(echo, authority, uris):
    stub = Stub(await echo.raw(authority.workload("routing", uris=uris)))

    fault = await refused(stub.Echo(1))

    assert fault.code() is grpc.StatusCode.UNAUTHENTICATED
    assert details(fault)["ErrorInfo"].reason == "CALLER_UNKNOWN"


async def test_a_workload_named_only_in_its_common_name_is_unknown(echo, authority):
    named = authority.issue([(NameOID.COMMON_NAME, "spiffe://cbss/routing")], [])

    fault = await refused(Stub(await echo.raw(named)).Echo(1))

    assert fault.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_the_callers_deadline_and_trace_reach_the_servicer(as_routing, servicer):
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
    await as_routing.Told(1, timeout=3.0, metadata=(("traceparent", trace),))

    caller, left, seen = servicer.told[0]
    assert caller.workload == "routing"
    assert caller.client is None
    assert 2.0 < left <= 3.0
    assert seen.traceparent == trace


async def test_a_call_without_a_deadline_gets_the_default(tmp_path, authority, servicer):
    others = {"default_deadline": 0.05}
    running = served(tmp_path, authority, [service(servicer)], CALLERS, **others)
    async with running as echo:
        stub = Stub(await echo.raw(authority.workload("routing")))

        fault = await refused(stub.Hold(1))

    assert fault.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert details(fault)["ErrorInfo"].reason == "DEADLINE_SPENT"


async def test_a_channel_passes_on_what_is_left_and_refuses_to_call_without(echo, servicer):
    stub = Stub(await echo.channel("routing"))
    with within(timedelta(seconds=2)):
        await stub.Told(1)
    with within(timedelta(seconds=0)), pytest.raises(DeadlineSpent):
        await stub.Told(1)

    ((_, left, _),) = servicer.told
    assert 1.0 < left < 2.0


async def test_a_failure_of_a_peer_arrives_as_its_code_and_reason_only(echo):
    stub = Stub(await echo.channel("routing"))

    with pytest.raises(PeerFailed) as caught:
        await stub.Fail(1)

    assert caught.value.facts == {
        "peer": "directory",
        "code": "INVALID_ARGUMENT",
        "reason": "INVALID_ARGUMENT",
    }


async def test_refusals_are_logged_as_events_without_content(as_routing):
    with capture_logs() as logged:
        await refused(as_routing.Fail(790101))

    (line,) = logged
    assert line["event"] == "rpc refused"
    assert line["code"] == "INVALID_ARGUMENT"
    assert "790101" not in str(line)


NUMBER = "71713000318"


def forwarded(issued):
    """What the gateway says of a client's certificate."""
    der = issued.certificate.public_bytes(Encoding.DER)
    pem = quote(issued.pem.decode(), safe="")
    return [(HEADER, f'Hash={hashlib.sha256(der).hexdigest()};Cert="{pem}"')]


@pytest.mark.parametrize("rpc", ["Echo", "Count"])
async def test_who_sends_what_cannot_be_read_stands_in_the_log_and_no_person_does(
    echo, authority, rpc
):
    channel = await echo.raw(authority.workload("gateway"))
    shape = channel.unary_stream if rpc == "Count" else channel.unary_unary
    citizens = CitizensAuthority.founded("citizens")
    institution, citizen = authority.program("NTRBE-0899990348"), citizens.citizen(NUMBER, "Me")
    lines = []
    for issued in (institution, citizen):
        call = shape(f"/{NAME}/{rpc}")(b"\xff\xfe", metadata=forwarded(issued))
        with capture_logs() as logged:
            await refused(call.read() if rpc == "Count" else call)
        lines += [one for one in logged if one["event"] == "rpc refused"]

    assert [one["reason"] for one in lines] == ["MESSAGE_UNREADABLE"] * 2
    assert [one.get("organization") for one in lines] == ["NTRBE-0899990348", None]
    assert NUMBER not in str(lines)


def test_what_is_away_says_when_to_repeat():
    for failure, waits in ((StoreUnavailable(), 1), (CallerUnknown(), 0), (Busy(), 5)):
        rich = status.rich(failure)
        found = [one for one in rich.details if one.Is(error_details_pb2.RetryInfo.DESCRIPTOR)]
        told = error_details_pb2.RetryInfo()
        assert [one.Unpack(told) for one in found] == [True] * (waits > 0)
        assert told.retry_delay.seconds == waits


class Busy(Unavailable):
    """Away for longer."""

    def __init__(self):
        super().__init__(retry_after=timedelta(seconds=5))
