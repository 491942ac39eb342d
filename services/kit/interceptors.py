"""What happens around every RPC, in one layer: trace, access log, failures, caller gate, deadline.

It wraps handlers when they are registered instead of standing in gRPC's interceptor chain, which
would make a new handler for every call. It also takes over parsing: the caller is judged before one
byte of the message is read, and an unreadable message becomes an answer with a reason.
"""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import grpc
import structlog
from google.protobuf.message import DecodeError
from opentelemetry.trace import SpanKind

from services.concepts.failures import DeadlineSpent, Failure, FieldViolation, Internal
from services.kit import bounds, logs, status, telemetry, texts
from services.kit.caller import CALLER
from services.kit.clock import DEADLINE
from services.kit.durations import Durations
from services.kit.errors import MessageTooLarge, MessageUnreadable, ReaderSlow
from services.kit.gate import Context, Gate
from services.kit.trace import TRACE

_TICK = 0.002
_OURS = frozenset({"UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL"})
log = structlog.get_logger()


@dataclass(slots=True)
class Interceptor:
    """The layer around the RPCs of one server."""

    gate: Gate
    default_deadline: float
    """Seconds for a unary call that comes without a deadline; streams then have no end."""
    reader_patience: float = 30.0
    """Seconds that the next message of a stream waits for its reader to take those before it."""
    logs_answers: bool = False
    """Whether calls that went well are logged too (at debug)."""
    durations: list[Durations] = field(default_factory=list)

    def wrap(self, rpc: str, handler: Any, *, counted: bool = True) -> Any:
        """The handler with everything around it; None if its servicer does not implement it."""
        around = _Around(self, rpc, handler)
        if not (
            inspect.isasyncgenfunction(around.behavior)
            if handler.response_streaming
            else inspect.iscoroutinefunction(around.behavior)
        ):
            return None
        if counted:
            self.durations.append(around.durations)
        if handler.response_streaming:
            return (
                grpc.stream_stream_rpc_method_handler(around.stream_stream)
                if handler.request_streaming
                else grpc.unary_stream_rpc_method_handler(around.unary_stream)
            )
        return (
            grpc.stream_unary_rpc_method_handler(around.stream_unary)
            if handler.request_streaming
            else grpc.unary_unary_rpc_method_handler(around.unary_unary)
        )


class _Around:
    """One RPC with what is around it, as the four kinds of handlers."""

    def __init__(self, interceptor: Interceptor, rpc: str, handler: Any) -> None:
        self.interceptor = interceptor
        self.rpc = rpc
        self._admit = interceptor.gate.admit
        self.behavior: Callable[..., Any] = (
            handler.unary_unary
            or handler.unary_stream
            or handler.stream_unary
            or handler.stream_stream
        )
        self._parse = handler.request_deserializer or bytes
        self._write = handler.response_serializer or bytes
        streams = handler.request_streaming or handler.response_streaming
        self.durations = Durations(rpc, is_stream=streams)

    async def unary_unary(self, request: bytes, context: Context) -> bytes:
        started, message = self._begin(), None
        try:
            self._admit(self.rpc, context)
            message = self._parsed(request)
            if TRACE.get().sampled:  # type: ignore[union-attr]
                with telemetry.span(self.rpc, SpanKind.SERVER):
                    response = await self._answered(message, context)
            else:
                response = await self._answered(message, context)
            written: bytes = self._write(response)
        except BaseException as fault:
            await self._refuse(fault, context, started, message)
            raise
        self._end("OK", started)
        return written

    async def _answered(self, message: object, context: Context) -> Any:
        if DEADLINE.get() is not None:
            # gRPC itself cancels a call whose own deadline passes.
            return await self.behavior(message, context)
        limit = self.interceptor.default_deadline
        DEADLINE.set(time.monotonic() + limit)
        timeout = asyncio.timeout(limit)
        try:
            async with timeout:
                return await self.behavior(message, context)
        except TimeoutError:
            if timeout.expired():
                raise DeadlineSpent from None
            raise

    async def stream_unary(self, requests: AsyncIterator[bytes], context: Context) -> bytes:
        started, heard = self._begin(), _Heard()
        try:
            self._admit(self.rpc, context)
            with telemetry.span(self.rpc, SpanKind.SERVER):
                response = await self.behavior(self._all_parsed(requests, heard), context)
            written: bytes = self._write(response)
        except BaseException as fault:
            await self._refuse(fault, context, started, heard.message)
            raise
        self._end("OK", started)
        return written

    async def unary_stream(self, request: bytes, context: Context) -> None:
        def parsed(heard: _Heard) -> object:
            heard.message = self._parsed(request)
            return heard.message

        await self._streamed(parsed, context)

    async def stream_stream(self, requests: AsyncIterator[bytes], context: Context) -> None:
        await self._streamed(partial(self._all_parsed, requests), context)

    async def _streamed(self, told: "Callable[[_Heard], object]", context: Context) -> None:
        started, heard = self._begin(), _Heard()
        try:
            self._admit(self.rpc, context)
            async with aclosing(self.behavior(told(heard), context)) as responses:
                async for response in responses:
                    await self._send(self._write(response), context)
        except BaseException as fault:
            await self._refuse(fault, context, started, heard.message)
            raise
        self._end("OK", started)

    async def _send(self, written: bytes, context: Context) -> None:
        """Write one message; a write waits while the reader has a window full of others."""
        timeout = asyncio.timeout(self.interceptor.reader_patience)
        try:
            async with timeout:
                await context.write(written)
        except TimeoutError:
            if timeout.expired():
                raise ReaderSlow(retry_after=timedelta(0)) from None
            raise

    def _parsed(self, request: bytes) -> object:
        if len(request) > bounds.MESSAGE:
            raise MessageTooLarge(
                facts={"largest_bytes": str(bounds.MESSAGE)},
                violations=[FieldViolation("request", f"is larger than {bounds.MESSAGE} bytes")],
            )
        try:
            return self._parse(request)
        except (DecodeError, ValueError) as fault:
            raise MessageUnreadable(
                violations=[FieldViolation("request", "is not a message of the expected type")]
            ) from fault

    async def _all_parsed(
        self, requests: AsyncIterator[bytes], heard: "_Heard"
    ) -> AsyncIterator[object]:
        async for request in requests:
            heard.message = self._parsed(request)
            yield heard.message

    def _begin(self) -> float:
        self.durations.in_flight += 1
        self.durations.begun += 1
        return time.perf_counter()

    def _end(self, code: str, started: float, failure: Failure | None = None) -> None:
        seconds = time.perf_counter() - started
        self.durations.in_flight -= 1
        self.durations.record(code, seconds)
        if code != "OK":
            # Also of what cannot be read, of which the trail has nothing: who tried, and why not.
            said = {"code": code, **_why(failure), **_asking(), "seconds": round(seconds, 6)}
            # Who asked wrongly is told why; what is ours to mend is for whoever is on duty.
            say = log.warning if code in _OURS else log.info
            say("rpc refused", rpc=self.rpc, **said)
        elif self.interceptor.logs_answers:
            log.debug("rpc answered", rpc=self.rpc, code=code, seconds=round(seconds, 6))

    async def _refuse(
        self, fault: BaseException, context: Context, started: float, message: object = None
    ) -> None:
        """Answer with the failure; returns only when the fault itself must go on."""
        if isinstance(fault, grpc.aio.AbortError):
            self._end("ABORTED_BY_SERVICER", started)
            return
        if isinstance(fault, asyncio.CancelledError | GeneratorExit):
            # The client went away, or gRPC ended the call at the deadline that the client set.
            deadline = DEADLINE.get()
            late = deadline is not None and deadline - time.monotonic() < _TICK
            self._end("DEADLINE_EXCEEDED" if late else "CANCELLED", started)
            return
        failure = status.failure_in(fault) or texts.unstorable(fault, message)
        if failure is None:
            log.error("rpc failed", rpc=self.rpc, **logs.describe_fault(fault))
            failure = Internal()
        answer = status.rich(failure)
        code = status.code_of(failure)
        self._end(code.name, started, failure)
        await context.abort(
            code,
            answer.message,
            trailing_metadata=((status.DETAILS_KEY, answer.SerializeToString()),),
        )


@dataclass(slots=True)
class _Heard:
    """What the caller of a stream said last: what a failure is about, if it is about that."""

    message: object = None


def _asking() -> dict[str, str]:
    """Who calls, for the log: workload and organization, and never a person."""
    asking = CALLER.get(None)
    if asking is None:
        return {}
    client = asking.client
    named = None if client is None else client.organization_identifier
    if client is None or named is None:
        return {"workload": asking.workload}
    return {
        "workload": asking.workload,
        "organization": named,
        "certificate": client.certificate_sha256,
    }


def _why(failure: Failure | None) -> dict[str, str]:
    """The reason, the fields that were wrong, and the peer that failed with what it said."""
    if failure is None:
        return {"reason": ""}
    told = {"reason": failure.reason()}
    if failure.violations:
        told["fields"] = " ".join(violation.field for violation in failure.violations)
    if "peer" in failure.facts:
        told["peer"] = failure.facts["peer"]
        told["peer_reason"] = failure.facts.get("reason", "")
    return told
