"""A source that publishes, two subscribers, and what push needs in memory."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from services.admission.model import Call
from services.admission.usecases import Arrivals
from services.concepts.decision import Deliberation
from services.concepts.head import Head
from services.concepts.legal_context import LegalContext
from services.concepts.party import Certificate
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.routing.errors import PublicationRaced
from services.routing.model import Payload
from services.routing.notices.model import (
    Bounds,
    Course,
    Distribution,
    Event,
    EventKind,
    Place,
    Publication,
    Published,
    Subscriber,
    Waiting,
)
from services.routing.notices.store import Seal
from services.routing.notices.usecases.delivering import Deliveries, Streams
from services.routing.notices.usecases.publishing import Publications
from services.routing.usecases import CatalogueMembers
from tests.services.routing.examples import (
    CENTRE,
    FIRST,
    KEY,
    MANAGER,
    NAME,
    PERSON,
    Result,
    catalogue,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SEAL = Seal(b"s" * 32)
KEPT = timedelta(days=30)
BOUNDS = Bounds(timedelta(seconds=30), timedelta(minutes=8), unacknowledged=3, watches=2)
_numbers = count(1)


def new_id():
    return UUID(int=next(_numbers))


def call(organization=FIRST, rpc="Publish"):
    """A call of an organization on its own certificate."""
    return Call(
        ticket=UUID(int=7),
        received_at=NOW,
        day=NOW.date(),
        rpc=f"cbss.routing.v1.NoticeService/{rpc}",
        certificate=Certificate(organization, KEY, "cd" * 32),
        head=Head("t-1", organization, LegalContext("")),
    )


def content(plain="open", secret="hidden"):
    """A result with something that is granted and something that is not."""
    message = Result(plain=plain)
    message.group.items.add(kept="k", secret=secret)
    return Payload("example.v1.Result", message.SerializeToString())


def event(reference="r-1", kind=EventKind.ORIGINAL, **changes):
    """An event about the example person."""
    made = Event(
        reference=reference,
        kind=kind,
        attestation=reference,
        person=PERSON,
        event_type="R020",
        occurred_at=NOW,
        payload=content(),
    )
    return replace(made, **changes)


def publication(*events, organization=FIRST, contract=NAME):
    return Publication(call(organization), contract, events)


def subscriber(organization=CENTRE, number=1, fields=("plain", "group.items.kept")):
    """A subscription as the directory tells it."""
    return Subscriber(
        organization=organization,
        subscription=UUID(int=1000 + number),
        legal_context="PCSW:EXAMPLE",
        deliberation=Deliberation("IVC/KSZG/99/002", 1),
        quality_codes=("001", "002"),
        fields=tuple(fields),
    )


class FakeStore:
    """Keeps everything in memory; behaves as the one in PostgreSQL."""

    def __init__(self):
        self.events, self.notices, self.places = [], {}, {}

    async def published(self, source, references):
        return {
            one.event.reference: Published(one.event_id, one.digest, one.addressees)
            for one in self.events
            if one.source == source and one.event.reference in references
        }

    async def courses(self, source, attestations):
        found = {}
        for one in sorted(self.events, key=lambda one: one.step):
            if one.source == source and one.event.attestation in attestations:
                told = one.event
                found[told.attestation] = Course(
                    one.step, told.kind, told.person, one.contract, told.occurred_at
                )
        return found

    async def add(self, events):
        def keys(one):
            return (one.source, one.event.reference), (one.source, one.event.attestation, one.step)

        taken = {key for one in self.events for key in keys(one)}
        if any(key in taken for one in events for key in keys(one)):
            raise PublicationRaced
        for one in events:
            self.events.append(one)
            for notice in one.notices:
                place = self.places.get(notice.subscriber, Place())
                place = replace(place, last_position=place.last_position + 1)
                self.places[notice.subscriber] = place
                kept = self.notices.setdefault(notice.subscriber, {})
                kept[place.last_position] = (notice, one)

    async def waiting(self, organization, after, now, most):
        found = [
            Waiting(
                position=position,
                notice_id=notice.notice_id,
                subscription=notice.subscription,
                source=one.source,
                contract=one.contract,
                event=one.event,
                published_at=one.published_at,
                expires_at=one.expires_at,
            )
            for position, (notice, one) in sorted(self.notices.get(organization, {}).items())
            if position > after and one.expires_at > now
        ]
        return found[:most]

    async def count_waiting(self, organization, until, most):
        return min(most, sum(p <= until for p in self.notices.get(organization, {})))

    async def place(self, organization):
        return self.places.get(organization, Place())

    async def acknowledge(self, organization, notices):
        kept = self.notices.get(organization, {})
        gone = [p for p, (notice, _) in kept.items() if notice.notice_id in notices]
        for position in gone:
            del kept[position]
        return len(gone)

    async def withdraw(self, organization, positions):
        for position in positions:
            self.notices[organization].pop(position, None)

    async def count_halted(self, bound):
        return sum(len(kept) >= bound for kept in self.notices.values())

    async def expire(self, now, most):
        counts = {}
        for organization, kept in self.notices.items():
            for position, (_, one) in list(kept.items()):
                if one.expires_at <= now:
                    del kept[position]
                    counts[organization] = counts.get(organization, 0) + 1
                    place = self.places[organization]
                    self.places[organization] = replace(
                        place,
                        expired_through=max(place.expired_through, position),
                        expired_count=place.expired_count + 1,
                    )
        return counts

    async def purge(self, published_before, most):
        return 0


class FakeTrail:
    """Remembers what was put in writing, and fails when told to."""

    def __init__(self):
        self.published, self.delivered, self.turned_away, self.fault = [], [], [], None

    async def publish(self, asked, source, contract, outcomes):
        if self.fault is not None:
            raise self.fault
        self.published += outcomes

    async def deliver(self, asked, ticket, organization, deliveries):
        if self.fault is not None:
            raise self.fault
        self.delivered += deliveries

    async def record(self, entry):
        self.turned_away.append(entry.reason)


@dataclass
class FakeDirectory:
    """Whom the source has integrated, and who is told of everything."""

    told: tuple = ()
    untold: tuple = ()
    integrated: frozenset = frozenset({PERSON})
    asked: frozenset = frozenset()

    async def known_by(self, source, contract, qualities, persons):
        self.asked = qualities
        return frozenset(persons) & self.integrated

    async def subscribers(self, events):
        return [Distribution(tuple(self.told), tuple(self.untold)) for _ in events]


@dataclass
class FakeIdentification:
    """What became of numbers: nothing, unless told."""

    became: dict = field(default_factory=dict)

    async def resolve(self, persons):
        return {one: self.became.get(one, ResolvedSsin(SsinState.ACTIVE)) for one in persons}


class FakeWakeups:
    """Wakes who waits in this loop."""

    def __init__(self):
        self.announced, self.events = [], {}

    def announce(self, keys):
        self.announced += sorted(keys)
        for key in keys:
            for woken in self.events.get(key, ()):
                woken.set()

    @asynccontextmanager
    async def waiter(self, key):
        woken = asyncio.Event()
        self.events.setdefault(key, []).append(woken)
        try:
            yield woken
        finally:
            self.events[key].remove(woken)


class FakeCatalogues:
    """The example catalogue."""

    def __init__(self):
        self.catalogue = catalogue

    def current(self):
        return self.catalogue


class Country:
    """Publishing and delivering over one store."""

    def __init__(self, store=None, bounds=BOUNDS):
        self.store, self.trail, self.wakeups = store or FakeStore(), FakeTrail(), FakeWakeups()
        self.directory = FakeDirectory((subscriber(), subscriber(MANAGER, 2, ())))
        self.identification, self.catalogues = FakeIdentification(), FakeCatalogues()
        self.now, self.streams = NOW, Streams()
        shared = {
            "admission": Arrivals(CatalogueMembers(self.catalogues), self.trail),
            "catalogues": self.catalogues,
            "identification": self.identification,
            "directory": self.directory,
            "trail": self.trail,
            "store": self.store,
            "wakeups": self.wakeups,
            "now": lambda: self.now,
            "new_id": new_id,
        }
        self.publications = Publications(seal=SEAL, kept=KEPT, **shared)
        self.deliveries = Deliveries(bounds=bounds, streams=self.streams, **shared)

    async def publish(self, *events, **how):
        return await self.publications.publish(publication(*events, **how))

    async def page(self, organization=CENTRE, after=None, most=100):
        asked = call(organization, "ListNotices")
        return (await self.deliveries.list_waiting(asked, after, most))[0]
