"""The peers that public and administrative calls need, as the directory needs them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from services.admission.model import Call
from services.concepts.organization import SectorInstitution
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin
from services.directory.model import CheckedProof, Dossier, Proof, QualityCode

T = TypeVar("T")


class Identification(Protocol):
    """Knows what became of a number, and whose it is."""

    async def resolve(self, person: Ssin) -> ResolvedSsin: ...

    async def verify(self, call: Call, person: Ssin, proof: Proof) -> CheckedProof: ...


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
