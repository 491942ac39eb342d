"""The peers that public and administrative calls need, as the directory needs them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.legal_context import LegalContext
from services.concepts.organization import SectorInstitution
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin
from services.directory.model import (
    Dossier,
    Entry,
    Granted,
    Mode,
    Organization,
    Proof,
    ProofVerdict,
    QualityCode,
)

T = TypeVar("T")


class Identification(Protocol):
    """Knows what became of a number, and whose it is."""

    async def resolve(self, person: Ssin) -> ResolvedSsin: ...

    async def verify(self, person: Ssin, proof: Proof) -> ProofVerdict: ...


class Access(Protocol):
    """Decides on the deliberations in force."""

    async def check(
        self,
        customer: Organization,
        legal_context: LegalContext,
        contract: ContractName,
        day: date,
        mode: Mode,
    ) -> Granted | Denied: ...


class Trail(Protocol):
    """Makes entries durable; returns when they are, fails when they are not."""

    async def record(self, entry: Entry) -> None: ...


class Registers(Protocol):
    """Changes dossiers, one person at a time, and knows what they were."""

    async def change(
        self,
        person: Ssin,
        decide: Callable[[Sequence[Dossier]], tuple[Sequence[Dossier], T]],
        witness: Callable[[T], Awaitable[None]],
    ) -> T: ...


class Lists(Protocol):
    """The bank's code lists: the places, and which qualities each of them uses."""

    @property
    def places(self) -> Mapping[SectorInstitution, str]: ...

    def main_qualities(
        self, place: SectorInstitution | None, code: QualityCode
    ) -> frozenset[QualityCode]: ...

    def has_quality(self, place: SectorInstitution | None, code: QualityCode) -> bool: ...


class Clock(Protocol):
    """Tells the instant, aware and in UTC."""

    def __call__(self) -> datetime: ...
