"""Attaching: who calls is let in as anybody is, then asked on his own call; and asking whoever is
attached, here or at another process beside this one."""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from services.admission.model import Admitted, Call, Stage
from services.admission.usecases import Arrivals
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure
from services.kit.errors import PeerFailed, PeerUnavailable
from services.routing.attaching import rules
from services.routing.attaching.model import (
    Answer,
    Answering,
    Attached,
    Bounds,
    Detaching,
    Heard,
    Heartbeat,
    Leaving,
    Question,
    Stray,
    Told,
)
from services.routing.attaching.streams import Stream, Streams
from services.routing.errors import AttachmentSilent, AttachmentsSpent, NoSource, StreamEnded
from services.routing.model import Catalogue, OnboardedOrganization

log = structlog.get_logger()


class Catalogues(Protocol):
    """Knows organizations and contracts; fails rather than say something old."""

    def current(self) -> Catalogue: ...


class Presence(Protocol):
    """Knows which process each source is attached to."""

    async def keep(self, sources: Sequence[EnterpriseNumber]) -> None:
        """These sources are attached to this process, as of now."""

    async def forget(self, source: EnterpriseNumber) -> None:
        """The source is not attached to this process any more."""

    async def elsewhere(self, source: EnterpriseNumber) -> Sequence[str]:
        """At which other processes the source is."""


class Others(Protocol):
    """The other processes of this kind."""

    async def ask(
        self, address: str, source: EnterpriseNumber, questions: Sequence[Question]
    ) -> Sequence[Answer]: ...


@dataclass(frozen=True)
class Asked:
    """Asks sources that are attached, wherever they are."""

    streams: Streams
    presence: Presence
    others: Others

    async def answers(
        self, source: EnterpriseNumber, questions: Sequence[Question], *, handed_on: bool
    ) -> Sequence[Answer]:
        """The answers of a source; SourceNotAttached if it is attached nowhere."""
        if not handed_on and not self.streams.asks(source):
            places = list(await self.presence.elsewhere(source))
            random.shuffle(places)
            for address in places:
                try:
                    return await self.others.ask(address, source, questions)
                except (PeerUnavailable, PeerFailed) as away:
                    log.info("not attached there any more", reason=away.reason())
        return await self.streams.ask(source, questions)


@dataclass(frozen=True)
class Attachments:
    """Lets sources attach."""

    admission: Arrivals[OnboardedOrganization]
    catalogues: Catalogues
    streams: Streams
    presence: Presence
    bounds: Bounds
    count_stray: Callable[[EnterpriseNumber, Stray], None] = lambda _source, _kind: None

    async def attach(
        self, call: Call, credit: int, heard: AsyncIterator[Heard]
    ) -> AsyncGenerator[Told, None]:
        """What is said to the source, until it leaves or the stream has lived its life."""
        admitted = await self._admit(call)
        source = admitted.customer.cbe_number
        if (
            len(self.streams) >= self.bounds.streams
            or self.streams.count(source) >= self.bounds.streams_each
        ):
            raise AttachmentsSpent(retry_after=self.bounds.heartbeat)
        stream = self.streams.open(source, min(credit, self.bounds.credit))
        listening = asyncio.create_task(self._listen(stream, heard))
        listening.add_done_callback(lambda _: stream.woken.set())
        try:
            await self._keep(source)
            yield Attached(self.bounds.heartbeat, stream.credit)
            async with aclosing(self._said(call, stream, listening)) as said:
                async for one in said:
                    yield one
        finally:
            listening.cancel()
            self.streams.close(stream)
            await asyncio.wait([listening])
            await self._forget(source)
            await self._record(admitted, stream)

    async def _said(
        self, call: Call, stream: Stream, listening: asyncio.Task[None]
    ) -> AsyncGenerator[Told, None]:
        timer, bounds = asyncio.get_running_loop().time, self.bounds
        heartbeat = bounds.heartbeat.total_seconds()
        ends_at = timer() + bounds.life.total_seconds() * random.uniform(0.8, 1.2)  # noqa: S311
        beats_at, cut_at = timer() + heartbeat, float("inf")
        while True:
            stream.woken.clear()
            now = timer()
            if listening.done():
                # It says itself what was wrong; else the source has said its last word.
                listening.result()
                return
            if stream.is_detaching and not stream.owed:
                return
            if not stream.is_leaving and (self.streams.is_ending or now >= ends_at):
                rest = bounds.stopping if self.streams.is_ending else bounds.farewell
                cut_at = now + rest.total_seconds()
                stream.leave()
                yield Leaving()
            if self.streams.is_ending:
                cut_at = min(cut_at, now + bounds.stopping.total_seconds())
            if cut_at < float("inf") and (not stream.owed or now >= cut_at):
                raise StreamEnded(retry_after=timedelta(0))
            if now - stream.heard_at > 2.5 * heartbeat:
                raise AttachmentSilent(retry_after=timedelta(0))
            if (asking := stream.next_asking()) is not None:
                # Who may be asked is looked at each time: keys go while streams are open.
                admitted = await self._admit(call)
                yield asking
                beats_at = timer() + heartbeat
                continue
            if now >= beats_at:
                admitted = await self._admit(call)
                await self._record(admitted, stream)
                yield Heartbeat()
                beats_at = timer() + heartbeat
            left = min(beats_at, ends_at if cut_at == float("inf") else cut_at) - timer()
            try:
                async with asyncio.timeout(max(left, 0)):
                    await stream.woken.wait()
            except TimeoutError:
                continue

    async def _listen(self, stream: Stream, heard: AsyncIterator[Heard]) -> None:
        timer = asyncio.get_running_loop().time
        async for one in heard:
            stream.heard_at = timer()
            if isinstance(one, Answering):
                before = dict(stream.strays)
                stream.hear(one.number, one.answers)
                for kind, times in stream.strays.items():
                    if times != before.get(kind, 0):
                        self.count_stray(stream.source, kind)
            elif isinstance(one, Detaching):
                stream.is_detaching = True
                stream.leave()

    async def _admit(self, call: Call) -> Admitted[OnboardedOrganization]:
        admitted = await self.admission.known(call)
        if not rules.attaches(admitted.customer, self.catalogues.current()):
            refused = NoSource()
            await self.admission.record(admitted.entry(Stage.REFUSAL).refused(refused.reason()))
            raise refused
        return admitted

    async def _keep(self, source: EnterpriseNumber) -> None:
        try:
            await self.presence.keep([source])
        except Failure as away:
            # It can be asked here; the others learn it with the next round.
            log.warning("others do not know yet who is attached here", reason=away.reason())

    async def _forget(self, source: EnterpriseNumber) -> None:
        if self.streams.count(source):
            return
        try:
            await self.presence.forget(source)
        except Failure as away:
            log.warning("others do not know yet who left", reason=away.reason())

    async def _record(self, admitted: Admitted[OnboardedOrganization], stream: Stream) -> None:
        """Put in writing that answers came which nobody waited for, once for each kind."""
        strays, stream.strays = stream.strays, {}
        entries = [admitted.entry(Stage.REFUSAL).refused(kind.value) for kind in strays]
        for kind, times in strays.items():
            log.warning("answers dropped", reason=kind.value, times=times)
        if entries:
            await self.admission.record(*entries)
