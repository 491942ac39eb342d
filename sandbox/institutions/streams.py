"""The streams on which a source is asked that called the mesh itself, with generated stubs."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import grpc.aio
import structlog
from cbss.common.v1 import information_pb2, organization_pb2
from cbss.routing.v1 import attach_service_pb2 as pb
from cbss.routing.v1 import attach_service_pb2_grpc as rpc
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from google.protobuf.message import DecodeError

from cli.identity import Identity
from sandbox.institutions.faults import Fault, Respond, fail

SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds after which a stream that ended or cannot be opened is opened again."""
FIRST_WORD = 10.0
"""Seconds between heartbeats as long as the mesh has not said how often it wants them."""
FAREWELL = 2.0
"""Seconds that streams may take to end when the source stops."""

log = structlog.get_logger()


class AttachedStreams:
    """Holds some streams open, for ever: each that ends is followed by another."""

    def __init__(
        self, identity: Identity, respond: Respond, fault: Fault | None, streams: int
    ) -> None:
        self._identity = identity
        self._respond = respond
        self._fault = fault
        self._streams = streams
        self._open: set[_Stream] = set()
        self._always_open: set[asyncio.Task[None]] = set()
        self._keeping: asyncio.TaskGroup | None = None
        self._stops = False

    def is_attached(self) -> bool:
        """Whether the mesh can ask."""
        return any(one.is_attached for one in self._open)

    async def keep(self) -> None:
        """Be attached until cancelled."""
        async with asyncio.TaskGroup() as self._keeping:
            for _ in range(self._streams):
                self._begin()

    def _begin(self) -> None:
        if self._keeping is not None and not self._stops:
            task = self._keeping.create_task(self._always())
            self._always_open.add(task)
            task.add_done_callback(self._always_open.discard)

    async def detach(self) -> None:
        """Let nothing more be asked, answer what was, and go."""
        self._stops = True
        for one in self._open:
            one.say(detaching=pb.AttachDetaching())
        if self._always_open:
            await asyncio.wait(self._always_open, timeout=FAREWELL)

    async def _always(self) -> None:
        pause = SHORTEST_PAUSE
        while not self._stops:
            stream = _Stream(self._identity.cbe_number, self._answer, self._begin)
            self._open.add(stream)
            try:
                await stream.run(self._identity)
            except (grpc.aio.AioRpcError, TimeoutError) as ended:
                log.info("stream ended", why=_why(ended))
            finally:
                self._open.discard(stream)
            if stream.is_followed:
                return
            pause = SHORTEST_PAUSE if stream.is_attached else min(2 * pause, LONGEST_PAUSE)
            await asyncio.sleep(random.uniform(0.5, 1) * pause)  # noqa: S311

    async def _answer(self, request: supplier_pb.AnswerRequest) -> bytes:
        if self._fault is None:
            return self._respond(request)
        return await fail(self._fault, request, self._respond)


class _Stream:
    """One stream, over a connection of its own: a broken one takes no other along."""

    def __init__(
        self,
        cbe_number: str,
        answer: Callable[[supplier_pb.AnswerRequest], Any],
        follow: Callable[[], None],
    ) -> None:
        self.is_attached = False
        self.is_followed = False
        self._answer = answer
        self._follow = follow
        """Opens another at once: this one is about to end, and still answers."""
        self._heartbeat = FIRST_WORD
        self._unsaid: asyncio.Queue[pb.AttachRequest] = asyncio.Queue()
        self._answering: set[asyncio.Task[None]] = set()
        customer = organization_pb2.Organization(cbe_number=cbe_number)
        information = information_pb2.InformationCustomer(
            ticket=str(uuid4()), customer_identification=customer
        )
        self.say(opening=pb.AttachOpening(information_customer=information))

    def say(self, **said: Any) -> None:
        """Say something, after what waits to be said."""
        self._unsaid.put_nowait(pb.AttachRequest(**said))

    async def run(self, identity: Identity) -> None:
        """Open it and answer, until it ends."""
        async with identity.channel() as channel:
            call = rpc.AttachServiceStub(channel).Attach(self._said())
            try:
                while (told := await self._read(call)) is not grpc.aio.EOF:
                    self._hear(told)
            finally:
                call.cancel()
                for task in self._answering:
                    task.cancel()

    async def _read(self, call: Any) -> Any:
        async with asyncio.timeout(2.5 * self._heartbeat):
            return await call.read()

    def _hear(self, told: pb.AttachResponse) -> None:
        match told.WhichOneof("said"):
            case "attached":
                self._heartbeat = told.attached.heartbeat_interval.ToTimedelta().total_seconds()
                self.is_attached = True
            case "asking":
                task = asyncio.get_running_loop().create_task(self._answered(told.asking))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)
            case "leaving":
                self.is_followed = True
                self._follow()

    async def _answered(self, asking: pb.AttachAsking) -> None:
        try:
            response = supplier_pb.AnswerResponse.FromString(await self._answer(asking.request))
        except DecodeError:
            return
        self.say(answering=pb.AttachAnswering(number=asking.number, response=response))

    async def _said(self) -> AsyncIterator[pb.AttachRequest]:
        while True:
            try:
                async with asyncio.timeout(self._heartbeat):
                    said = await self._unsaid.get()
            except TimeoutError:
                said = pb.AttachRequest(heartbeat=pb.AttachHeartbeat())
            yield said


def _why(ended: BaseException) -> str:
    return ended.code().name if isinstance(ended, grpc.aio.AioRpcError) else "SILENT"
