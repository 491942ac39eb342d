"""The way to a peer: mutual TLS, what is left of the deadline, the trace, failures as failures.

Generated stubs take a `Channel` as if it were gRPC's own, and say themselves how messages are
written and read. Underneath, the real channel is replaced when the certificate changes, which a
channel cannot do itself, and the old one is drained.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import grpc
import structlog

from services.concepts.failures import DeadlineSpent, Failure
from services.kit import bearer, status
from services.kit.bearer import TOKEN
from services.kit.clock import DEADLINE
from services.kit.errors import PeerFailed, PeerUnavailable
from services.kit.lines import Line
from services.kit.meters import PEER
from services.kit.tls import ClientTls
from services.kit.trace import TRACE

log = structlog.get_logger()

DEFAULT_TIMEOUT = timedelta(seconds=5)
"""For a call that belongs to none with a deadline, such as a background one."""
MARGIN = 0.005
"""Seconds of the deadline kept back, so that there is time to say that it has passed."""
LOOK_INTERVAL = timedelta(seconds=5)
"""How often the certificate files are looked at."""
OWN_CERTIFICATE_EXPIRED = "OWN_CERTIFICATE_EXPIRED"
"""The reason that is given for a peer that hung up, when the own certificate has expired."""
DRAIN = 30.0
"""Seconds that calls on a replaced channel may still take."""


@asynccontextmanager
async def channel(
    address: str,
    *,
    server_name: str,
    tls: ClientTls,
    timeout: timedelta = DEFAULT_TIMEOUT,
    watches_health: bool = True,
) -> AsyncIterator["Channel"]:
    """A channel to whoever at that address proves to be `server_name`, open during the block.

    Peers of the mesh say on the port of their RPCs whether they serve; others need not, and are
    asked a second time only over another connection, when theirs was lost.
    """
    opened = Channel(
        address, server_name=server_name, tls=tls, timeout=timeout, watches_health=watches_health
    )
    renewing = asyncio.create_task(opened.renew_always())
    try:
        yield opened
    finally:
        renewing.cancel()
        await asyncio.wait([renewing])
        await opened.close()


class Channel:
    """What generated stubs are given."""

    def __init__(
        self,
        address: str,
        *,
        server_name: str,
        tls: ClientTls,
        timeout: timedelta,
        watches_health: bool,
    ) -> None:
        self._address = address
        self._server_name = server_name
        self._tls = tls
        self._timeout = timeout.total_seconds()
        self._watches_health = watches_health
        self._calls: list[_Calls] = []
        self._draining: set[asyncio.Task[None]] = set()
        self._line, self._following = self._open()
        if watches_health:
            PEER.labels(server_name).set_function(lambda: int(self.serves()))

    def unary_unary(self, method: str, *how: Any, **named: Any) -> Callable[..., Any]:
        """Calls with one message each way: `await stub.Get(request)`."""
        return self._bound("unary_unary", method, how, named).unary

    def stream_unary(self, method: str, *how: Any, **named: Any) -> Callable[..., Any]:
        """Calls with a stream of requests: `await stub.Feed(requests)`."""
        return self._bound("stream_unary", method, how, named).unary

    def unary_stream(self, method: str, *how: Any, **named: Any) -> Callable[..., Any]:
        """Calls with a stream of answers: `async for answer in stub.Watch(request)`."""
        return self._bound("unary_stream", method, how, named).stream

    def stream_stream(self, method: str, *how: Any, **named: Any) -> Callable[..., Any]:
        """Calls with streams both ways: `async for answer in stub.Talk(requests)`."""
        return self._bound("stream_stream", method, how, named).stream

    async def renew_always(self) -> None:
        """Renew now and then, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_INTERVAL.total_seconds())
            self.renew()

    def renew(self) -> bool:
        """Change to a new channel if the certificate changed; calls under way are left alone."""
        if self._tls.identity() is self._line.identity:
            return False
        old = self._line
        self._following.cancel()
        self._line, self._following = self._open()
        for calls in self._calls:
            calls.bind(self._line)
        drain = asyncio.create_task(old.channel.close(DRAIN))
        self._draining.add(drain)
        drain.add_done_callback(self._draining.discard)
        log.info("certificate renewed", peer=self._server_name)
        return True

    async def close(self) -> None:
        """End the channel, and what is left on replaced ones."""
        for drain in self._draining:
            drain.cancel()
        self._following.cancel()
        await asyncio.wait([self._following])
        await self._line.channel.close()

    def serves(self) -> bool:
        """Whether somebody serves at its end, or did a moment ago."""
        return self._line.is_served()

    def _open(self) -> tuple[Line, asyncio.Task[None]]:
        line = Line(
            self._address,
            server_name=self._server_name,
            identity=self._tls.identity(),
            watches_health=self._watches_health,
        )
        return line, asyncio.create_task(line.follow())

    def _bound(
        self, shape: str, method: str, how: tuple[Any, ...], named: dict[str, Any]
    ) -> "_Calls":
        make = partial(_made, shape, method, how, named)
        calls = _Calls(make, self._server_name, self._timeout, in_mesh=self._watches_health)
        calls.bind(self._line)
        self._calls.append(calls)
        return calls


class _Calls:
    """The calls of one method, over whichever channel is the present one."""

    def __init__(
        self, make: Callable[[grpc.aio.Channel], Any], peer: str, timeout: float, *, in_mesh: bool
    ) -> None:
        self._make = make
        self._in_mesh = in_mesh
        self._peer = peer
        self._timeout = timeout
        self._call: Callable[..., Any]
        self._line: Line

    def bind(self, line: Line) -> None:
        self._line = line
        self._call = self._make(line.channel)

    async def unary(self, request: Any, *, timeout: float | None = None) -> Any:
        answer = await self._answer(request, timeout)
        if answer is None:
            # What cannot be parsed gRPC gives as nothing, without a word.
            raise PeerFailed(facts={"peer": self._peer, "reason": "MESSAGE_UNREADABLE"})
        return answer

    async def _answer(self, request: Any, timeout: float | None) -> Any:
        try:
            return await self._call(request, timeout=self._left(timeout), metadata=_metadata())
        except grpc.aio.AioRpcError as fault:
            # Nobody was there to ask, or whoever was asked is gone: if another is about to come,
            # he is asked. What he said himself stands.
            left = self._left(timeout) or self._timeout
            once = isinstance(request, AsyncIterator)
            if once or not (await self._is_left(fault) and await self._line.wait_served(left)):
                raise self._failure(fault) from None
        try:
            return await self._call(request, timeout=self._left(timeout), metadata=_metadata())
        except grpc.aio.AioRpcError as fault:
            raise self._failure(fault) from None

    async def _is_left(self, fault: grpc.aio.AioRpcError) -> bool:
        """Whether another may be asked: not what one said himself, and outside the mesh not whoever
        is still connected."""
        return not _is_said(fault) and (self._in_mesh or await self._line.was_lost())

    async def stream(self, request: Any, *, timeout: float | None = None) -> AsyncIterator[Any]:
        call = self._call(request, timeout=self._left(timeout, endless=True), metadata=_metadata())
        try:
            async for answer in call:
                yield answer
        except grpc.aio.AioRpcError as fault:
            raise self._failure(fault) from None
        finally:
            call.cancel()

    def _left(self, timeout: float | None, *, endless: bool = False) -> float | None:
        """Seconds for the call: what was asked for, but never more than the call at hand has."""
        deadline = DEADLINE.get()
        if deadline is None:
            return timeout if timeout is not None or endless else self._timeout
        left = deadline - time.monotonic() - MARGIN
        if left <= 0:
            raise DeadlineSpent
        return left if timeout is None else min(left, timeout)

    def _failure(self, fault: grpc.aio.AioRpcError) -> Failure:
        code = fault.code()
        reason = _reason(fault) or self._own_fault(code)
        facts = {"peer": self._peer} | ({"reason": reason} if reason else {})
        if code is grpc.StatusCode.UNAVAILABLE:
            return PeerUnavailable(facts=facts)
        if code is grpc.StatusCode.DEADLINE_EXCEEDED:
            return DeadlineSpent(facts=facts)
        violations = status.violations_in(_details(fault))
        return PeerFailed(facts=facts | {"code": code.name}, violations=violations)

    def _own_fault(self, code: grpc.StatusCode) -> str | None:
        """Why a peer that says nothing is not to be reached, if that is because of us: it hangs up
        on who shows a certificate that has expired."""
        expired = code is grpc.StatusCode.UNAVAILABLE and self._line.identity.has_expired()
        return OWN_CERTIFICATE_EXPIRED if expired else None


def _reason(fault: grpc.aio.AioRpcError) -> str | None:
    """The reason that the peer itself gave."""
    return status.reason_in(_details(fault))


def _details(fault: grpc.aio.AioRpcError) -> bytes:
    details = dict(fault.trailing_metadata() or ()).get(status.DETAILS_KEY)
    return details if isinstance(details, bytes) else b""


def _is_said(fault: grpc.aio.AioRpcError) -> bool:
    """Whether the peer said so itself, and not the line to it."""
    return fault.code() is not grpc.StatusCode.UNAVAILABLE or _reason(fault) is not None


def _made(
    shape: str,
    method: str,
    how: tuple[Any, ...],
    named: dict[str, Any],
    channel: grpc.aio.Channel,
) -> Callable[..., Any]:
    call: Callable[..., Any] = getattr(channel, shape)(method, *how, **named)
    return call


def _metadata() -> tuple[tuple[str, str], ...]:
    trace, token = TRACE.get(), TOKEN.get()
    told = () if trace is None else (("traceparent", trace.traceparent),)
    return told if token is None else (*told, (bearer.HEADER, f"Bearer {token}"))
