"""What the use cases of coding need of others."""

from collections.abc import AsyncIterator, Sequence, Set
from datetime import date
from typing import Protocol
from uuid import UUID

from services.coding.model import CodeList, Delivery, Held, Office, Page, Project, Step
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.reference import Reference
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin


class Keys(Protocol):
    """Holds the master key, in a sealed file or in a token, and never tells it."""

    async def derive(self, info: bytes) -> bytes:
        """32 bytes by HKDF-Expand (SHA-256) from the master key."""


class References(Protocol):
    """The reference data of the network."""

    def current(self) -> Reference:
        """What is in force; fails rather than give what is too old."""


class Numbers(Protocol):
    """Knows what became of the numbers of persons."""

    async def resolve(self, persons: Sequence[Ssin]) -> Sequence[ResolvedSsin]: ...


class ProjectStore(Protocol):
    """Keeps projects and their steps."""

    async def find(self, project_id: UUID) -> Project | None: ...

    async def add(self, project: Project) -> None:
        """Keep a new project; RequestReused if its identification is taken."""

    async def offices_of(self, person: str) -> Set[Office]:
        """In which offices somebody has taken steps, or acted on lists of codes."""

    async def page(self, after: int, most: int) -> Sequence[Project]:
        """Projects by sequence, after one of them."""

    async def ended(self, today: date) -> Sequence[Project]:
        """Some of those that are neither closed nor refused, and whose last day is past."""

    async def unconfirmed(self) -> Sequence[Project]:
        """Some of those that are closed, had a key, and have no record of its destruction."""

    async def advance(self, project: Project, step: Step) -> None:
        """Take a step; TransitionForbidden if somebody else was first. What the project no longer
        needs then is deleted with it: rows once they are delivered, seed and all when it closes."""

    async def open(self, project: Project, step: Step, seed: bytes, key_digest: str) -> None:
        """Take the step that opens, with what the keys are derived from."""

    async def confirm(self, project_id: UUID, record_id: UUID) -> None:
        """The trail has it that the key was destroyed."""

    async def seed_of(self, project_id: UUID) -> bytes | None:
        """What the keys of a project are derived from; nothing before it opens and once it is
        closed."""


class ListStore(Protocol):
    """Keeps lists of codes that lead back to persons."""

    async def find(self, list_id: UUID) -> CodeList | None: ...

    async def page(self, project_id: UUID, after: int, most: int) -> Sequence[CodeList]:
        """The lists of a project by sequence, after one of them."""

    async def add(self, one: CodeList, sealed: bytes) -> None:
        """Keep a new list; ReidentificationPending while another of the project is open."""

    async def move(self, before: CodeList, after: CodeList) -> None:
        """Keep what became of a list, unless somebody else was first; codes go when it is over."""

    async def codes_of(self, list_id: UUID) -> bytes | None:
        """The codes of a list, as they rest; nothing once it is over."""


class RowStore(Protocol):
    """Keeps what sources sent until it is delivered, sealed."""

    async def count(
        self, project_id: UUID, source: EnterpriseNumber, day: date, units: int, most: int
    ) -> bool:
        """Count units that a source has numbered; whether they are within the most of the day."""

    async def hold(
        self,
        project_id: UUID,
        source: EnterpriseNumber,
        chunk: tuple[UUID, bytes],
        rows: Sequence[Held],
    ) -> bool:
        """Keep a chunk, named and with its digest, while the project is open; whether it is new.

        Fails with ProjectNotOpen, RequestReused or UnitSentAlready, and keeps nothing then.
        """

    def held(self, project_id: UUID) -> AsyncIterator[Held]:
        """All rows of a project, those of one unit together, in an order that tells nothing."""

    async def release(
        self, project: Project, step: Step, delivery: Delivery, pages: Sequence[Page], held: int
    ) -> None:
        """Take the step that releases, with what is handed over, all or nothing; the rows that it
        was made of go. TransitionForbidden if there are more by now, or somebody was first."""

    async def page_of(self, project_id: UUID, number: int) -> bytes | None:
        """A page of what was released, as it rests; nothing if there is none."""
