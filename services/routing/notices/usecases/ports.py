"""What publishing and delivering need of others."""

from collections.abc import Collection, Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.admission.model import Call
from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.quality_code import QualityCode
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin
from services.routing.model import Catalogue, OnboardedOrganization
from services.routing.notices.model import (
    Course,
    Delivery,
    Distribution,
    Event,
    NewEvent,
    Place,
    Published,
    PublishedOutcome,
    Waiting,
)


class Catalogues(Protocol):
    """Knows organizations and contracts; fails rather than say something old."""

    def current(self) -> Catalogue: ...


class Identification(Protocol):
    """Knows what became of numbers."""

    async def resolve(self, persons: Collection[Ssin]) -> Mapping[Ssin, ResolvedSsin]: ...


class Directory(Protocol):
    """Knows who knows a person, and who is to be told of what."""

    async def known_by(
        self,
        source: EnterpriseNumber,
        contract: ContractName,
        qualities: frozenset[QualityCode],
        persons: Collection[Ssin],
    ) -> frozenset[Ssin]:
        """Those of the persons whom a source of the contract has integrated today: as one who is
        asked for it, or in one of the qualities."""

    async def subscribers(
        self, events: Sequence[tuple[Ssin, ContractName, str]]
    ) -> list[Distribution]:
        """Who is to be told today of each event: a person, a contract, and what changed."""


class Trail(Protocol):
    """Makes records durable; returns when they are, fails when they are not."""

    async def publish(
        self,
        call: Call,
        source: OnboardedOrganization,
        contract: ContractName,
        outcomes: Sequence[tuple[Event, PublishedOutcome]],
    ) -> None: ...

    async def deliver(
        self,
        call: Call,
        ticket: UUID,
        subscriber: OnboardedOrganization,
        deliveries: Sequence[Delivery],
    ) -> None: ...


class Seal(Protocol):
    """Tells contents apart without keeping them."""

    def digest(self, contract: ContractName, event: Event) -> bytes: ...


class Store(Protocol):
    """Keeps what was published and what waits."""

    async def published(
        self, source: EnterpriseNumber, references: Collection[str]
    ) -> Mapping[str, Published]:
        """What the source published under these references."""

    async def courses(
        self, source: EnterpriseNumber, attestations: Collection[str]
    ) -> Mapping[str, Course]:
        """How far the source's attestations have come."""

    async def add(self, events: Sequence[NewEvent]) -> None:
        """Keep events with their notices, all or nothing; PublicationRaced if another call of the
        source was first with one of the references or attestations."""

    async def waiting(
        self, subscriber: EnterpriseNumber, after: int, now: datetime, most: int
    ) -> list[Waiting]:
        """What waits after a position, in order."""

    async def count_waiting(self, subscriber: EnterpriseNumber, until: int, most: int) -> int:
        """How much waits up to a position, counted no further than a bound."""

    async def place(self, subscriber: EnterpriseNumber) -> Place:
        """How far the subscriber's notices have come."""

    async def acknowledge(self, subscriber: EnterpriseNumber, notices: Collection[UUID]) -> int:
        """How many of the notices waited, and no longer do."""

    async def withdraw(self, subscriber: EnterpriseNumber, positions: Collection[int]) -> None:
        """Drop notices that may not go out any more."""


class Wakeups(Protocol):
    """Wakes who waits."""

    def announce(self, keys: Iterable[str]) -> None: ...

    def waiter(self, key: str) -> AbstractAsyncContextManager["Woken"]: ...


class Woken(Protocol):
    """Is set when there is something new."""

    def wait(self) -> Coroutine[Any, Any, object]: ...

    def clear(self) -> None: ...
