"""Delivering: what waits is checked again, cut, put in writing, and only then goes out."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.admission.model import Call
from services.admission.usecases import Arrivals
from services.routing.errors import ResumeTokenExpired, StreamEnded, WatchesSpent
from services.routing.model import OnboardedOrganization
from services.routing.notices.model import Bounds, Page, Place, WatchedPage
from services.routing.notices.rules import delivering as rules
from services.routing.notices.usecases import ports

MOST_IN_A_MESSAGE = 100
"""How many notices a message of a stream holds."""


@dataclass
class Streams:
    """The streams that are open in this process; told to end before the process stops."""

    tell: Callable[[int], None] = lambda _: None
    """Told how many there are whenever that changes."""
    open: int = 0
    _ending: asyncio.Event = field(default_factory=asyncio.Event)

    def count(self, more: int) -> None:
        """One more, or one less."""
        self.open += more
        self.tell(self.open)

    def end(self) -> None:
        """End all streams, each with its reason and its last token."""
        self._ending.set()

    @property
    def ending(self) -> bool:
        """Whether the process is about to stop."""
        return self._ending.is_set()

    async def pause(self, woken: ports.Woken, most: timedelta) -> bool:
        """Wait until something came or the streams end; whether so before the time was over."""
        waits = [asyncio.ensure_future(one) for one in (woken.wait(), self._ending.wait())]
        try:
            done, _ = await asyncio.wait(
                waits, timeout=most.total_seconds(), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for one in waits:
                one.cancel()
        return bool(done)


@dataclass(frozen=True)
class Deliveries:
    """Brings notices to subscribers."""

    admission: Arrivals[OnboardedOrganization]
    catalogues: ports.Catalogues
    identification: ports.Identification
    directory: ports.Directory
    trail: ports.Trail
    store: ports.Store
    wakeups: ports.Wakeups
    bounds: Bounds
    streams: Streams
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]

    async def list_waiting(self, call: Call, after: int | None, most: int) -> tuple[Page, Place]:
        """A page of what waits, and how far the subscriber's notices have come."""
        subscriber = await self._admit(call)
        place = await self._place(subscriber, after)
        page = await self._page(call, subscriber, after or 0, most)
        room = await self._room(subscriber, page.position)
        unacknowledged = self.bounds.unacknowledged - room
        return replace(page, unacknowledged=unacknowledged, waits=room <= 0), place

    async def acknowledge(self, call: Call, notices: Collection[UUID]) -> int:
        """How many of the notices waited, and no longer do."""
        subscriber = await self._admit(call)
        count = await self.store.acknowledge(subscriber.cbe_number, notices)
        if count:
            # A stream may wait for that.
            self.wakeups.announce({subscriber.cbe_number.digits})
        return count

    async def watch(self, call: Call, after: int | None) -> AsyncGenerator[WatchedPage, None]:
        """What waits, then what comes, until the reader leaves or the stream has lived its life."""
        subscriber = await self._admit(call)
        if self.streams.open >= self.bounds.watches:
            raise WatchesSpent(retry_after=self.bounds.heartbeat)
        await self._place(subscriber, after)
        self.streams.count(1)
        try:
            async with (
                self.wakeups.waiter(subscriber.cbe_number.digits) as woken,
                aclosing(self._watched(call, after or 0, woken)) as pages,
            ):
                async for page in pages:
                    yield page
        finally:
            self.streams.count(-1)

    async def _watched(
        self, call: Call, position: int, woken: ports.Woken
    ) -> AsyncGenerator[WatchedPage, None]:
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + self.bounds.life.total_seconds() * random.uniform(0.8, 1.2)  # noqa: S311
        yield WatchedPage((), position, heartbeat=self.bounds.heartbeat)
        waits = False
        while True:
            woken.clear()
            if self.streams.ending or loop.time() >= ends_at:
                raise StreamEnded(retry_after=timedelta(0))
            # Who may read is asked again each time: keys are withdrawn while streams are open.
            subscriber = await self._admit(call)
            room = await self._room(subscriber, position)
            if room > 0:
                page = await self._page(call, subscriber, position, min(room, MOST_IN_A_MESSAGE))
                moved, position = page.position > position, page.position
                if page.deliveries:
                    waits = False
                    yield WatchedPage(page.deliveries, position, ticket=page.ticket)
                if moved:
                    continue
            elif not waits:
                waits = True
                yield WatchedPage((), position, waits=True)
            if not await self.streams.pause(woken, self.bounds.heartbeat):
                yield WatchedPage((), position, waits=room <= 0)

    async def _room(self, subscriber: OnboardedOrganization, position: int) -> int:
        """How many more notices may go out before some are acknowledged."""
        most = self.bounds.unacknowledged
        return most - await self.store.count_waiting(subscriber.cbe_number, position, most)

    async def _admit(self, call: Call) -> OnboardedOrganization:
        return (await self.admission.known(call)).customer

    async def _place(self, subscriber: OnboardedOrganization, after: int | None) -> Place:
        """How far the notices have come; fails if some after the position are gone for good."""
        place = await self.store.place(subscriber.cbe_number)
        if after is not None and after < place.expired_through:
            raise ResumeTokenExpired(facts={"expired_count": str(place.expired_count)})
        return place

    async def _page(
        self, call: Call, subscriber: OnboardedOrganization, after: int, most: int
    ) -> Page:
        """What may go out now of the next that waits; on the trail before it is returned."""
        waiting = await self.store.waiting(subscriber.cbe_number, after, self.now(), most)
        ticket = self.new_id()
        if not waiting:
            return Page(ticket, (), after, more=False)
        persons = await self.identification.resolve({one.event.person for one in waiting})
        about = [
            (
                rules.number_today(one.event.person, persons),
                one.contract,
                one.event.event_type,
            )
            for one in waiting
        ]
        located = await self.directory.subscribers(about)
        told = {one.position: some.told for one, some in zip(waiting, located, strict=True)}
        contracts = self.catalogues.current().contracts
        deliveries = tuple(
            rules.cut(one, contracts)
            for one in rules.deliverable(waiting, told, persons, subscriber.cbe_number)
        )
        if deliveries:
            await self.trail.deliver(call, ticket, subscriber, deliveries)
        # A deliberation that ended, a dossier that was closed: what is left of it is told nobody.
        gone = {one.position for one in waiting} - {one.waiting.position for one in deliveries}
        if gone:
            await self.store.withdraw(subscriber.cbe_number, gone)
        return Page(ticket, deliveries, waiting[-1].position, more=len(waiting) == most)
