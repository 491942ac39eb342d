"""What changes of the registers are given and give, and the ports that they need."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.ssin import Ssin
from services.concepts.status import Status
from services.identification.model.persons import Given, Identity, Proof, Version
from services.identification.model.registering import Change, Making, Rewriting
from services.identification.model.replacements import Kept, Replacement, Standing
from services.identification.model.searches import Candidate, Reason
from services.identification.rules.creation import Described
from services.identification.usecases.searching import Registers


class Numbers(Protocol):
    """The numbers that are taken."""

    async def list_taken(self, spaces: range) -> Collection[int]: ...


class Store(Protocol):
    """Persons of the registers, changed one at a time."""

    async def create(
        self,
        customer: EnterpriseNumber,
        request_id: UUID,
        digest: bytes,
        purpose: LegalContext,
        locks: Sequence[int],
        make: Callable[[Registers, Numbers], Awaitable[Making | None]],
        witness: Callable[[Ssin], Awaitable[None]],
    ) -> Ssin | None: ...

    async def update(
        self,
        ssin: Ssin,
        rewrite: Callable[[Identity, Sequence[Version], datetime], Rewriting],
        witness: Callable[[Rewriting], Awaitable[None]],
    ) -> Rewriting | None: ...


class Replacing(Protocol):
    """Replaces numbers, one at a time."""

    async def replace(
        self,
        old: Ssin,
        new: Ssin,
        decide: Callable[[Standing], Ssin | Kept],
        witness: Callable[[], Awaitable[None]],
    ) -> Replacement | Kept: ...


class Tokens(Protocol):
    """Proofs that possible duplicates were seen, of use for one request of one customer."""

    def token(self, seen: Sequence[Ssin], customer: EnterpriseNumber, digest: bytes) -> str: ...

    def read_seen(
        self, token: str, customer: EnterpriseNumber, digest: bytes
    ) -> Collection[Ssin]: ...


@dataclass(frozen=True, slots=True)
class Creating:
    """A creation as asked. `digest` is of the person and the proof, not of the token."""

    request_id: UUID
    person: Described
    proof: Proof
    digest: bytes
    token: str


@dataclass(frozen=True, slots=True)
class Created:
    """How a creation ended: with a number, with possible duplicates, or with what is wrong."""

    status: Status
    ssin: Ssin | None = None
    duplicates: tuple[Candidate, ...] = ()
    cut: tuple[str, ...] = ()
    token: str = ""
    anomalies: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Updating:
    """An update as asked."""

    ssin: Ssin
    groups: tuple[Given, ...]
    proof: Proof


@dataclass(frozen=True, slots=True)
class Updated:
    """How an update ended."""

    status: Status
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Replaced:
    """How a replacement ended."""

    status: Status
    replaced_by: Ssin | None = None
