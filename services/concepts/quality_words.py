"""In which quality an organization knows a person, in the words that people read."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated

from services.concepts import written
from services.concepts.code_lists import code_lists
from services.concepts.dated import load
from services.concepts.organization import SectorInstitution
from services.concepts.quality_code import SPECIAL, Quality, QualityCode
from services.concepts.text import Text


class _Qualities(written.Part):
    sectors: Annotated[tuple[int, ...], written.SOME]
    codes: dict[Quality, Text]


class _File(written.Part):
    any_sector: dict[Quality, Text]
    qualities: tuple[_Qualities, ...]


class QualityWords:
    """The words for qualities, by place."""

    def __init__(self, held: _File) -> None:
        self._anywhere = held.any_sector
        self._sectors: Mapping[int, Mapping[QualityCode, Text]] = {
            sector: one.codes for one in held.qualities for sector in one.sectors
        }

    def quality(self, place: SectorInstitution | None, code: QualityCode) -> Text | None:
        """In which quality an organization at a place knows a person; nothing without words."""
        if code in self._anywhere:
            return self._anywhere[code]
        return None if place is None else self._sectors.get(place.sector, {}).get(code)

    def check(self) -> "QualityWords":
        """These words, if they are about all that the code lists have and nothing else."""
        listed = code_lists().qualities
        if self._anywhere.keys() != SPECIAL or {
            sector: set(codes) for sector, codes in self._sectors.items()
        } != {sector: set(codes) for sector, codes in listed.items()}:
            raise ValueError("quality_words.yaml and quality_codes.yaml differ in their codes")
        return self


@cache
def quality_words() -> QualityWords:
    """The words, checked against the code lists when they are first needed."""
    return QualityWords(load("services.concepts", "data/quality_words.yaml", _File)).check()
