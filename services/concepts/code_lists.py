"""The bank's code lists: the places of the network, and the qualities of each sector."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Annotated

from pydantic import Field

from services.concepts import written
from services.concepts.dated import Dated, load
from services.concepts.organization import SectorInstitution
from services.concepts.quality_code import SPECIAL, Quality, QualityCode


@dataclass(frozen=True, slots=True)
class CodeLists:
    """What is valid where."""

    places: Mapping[SectorInstitution, str]
    qualities: Mapping[int, Mapping[QualityCode, str]]
    """By sector. A sector that is absent has the special codes only."""
    households: Mapping[int, Mapping[QualityCode, frozenset[QualityCode]]]
    """By sector: the qualities of members of a household, each with those of the main person."""

    def has_quality(self, place: SectorInstitution | None, code: QualityCode) -> bool:
        """Whether an organization at a place, or outside the network, can use a quality code."""
        return code in SPECIAL or (
            place is not None and code in self.qualities.get(place.sector, ())
        )

    def main_qualities(
        self, place: SectorInstitution | None, code: QualityCode
    ) -> frozenset[QualityCode]:
        """In which the main person of a household is known, whose member is known in this one.

        Empty if the quality is no member's.
        """
        listed = {} if place is None else self.households.get(place.sector, {})
        return listed.get(code, frozenset())


class _Dated(Dated):
    reviewed_on: written.Day


class _Place(written.Part):
    place: written.Place
    name: written.Text


class _Places(_Dated):
    places: Annotated[tuple[_Place, ...], written.SOME]


class _Qualities(written.Part):
    sectors: Annotated[tuple[int, ...], written.SOME]
    codes: dict[Quality, written.Text]
    household: dict[Quality, tuple[Quality, ...]] = Field(default_factory=dict)


class _QualityCodes(_Dated):
    any_sector: dict[Quality, written.Text]
    qualities: tuple[_Qualities, ...]


@cache
def code_lists() -> CodeLists:
    """The lists of the project, read once; a malformed list stops the job that needs it."""
    places = load("services.concepts", "data/sectors.yaml", _Places)
    codes = load("services.concepts", "data/quality_codes.yaml", _QualityCodes)
    if frozenset(codes.any_sector) != SPECIAL:
        raise ValueError("quality_codes.yaml and the rules differ in the special codes")
    for one in codes.qualities:
        if not one.codes.keys() >= {*one.household, *chain.from_iterable(one.household.values())}:
            raise ValueError(f"quality_codes.yaml: households of unknown codes in {one.sectors}")
    return CodeLists(
        {one.place: one.name for one in places.places},
        {sector: dict(one.codes) for one in codes.qualities for sector in one.sectors},
        {
            sector: {member: frozenset(main) for member, main in one.household.items()}
            for one in codes.qualities
            for sector in one.sectors
        },
    )
