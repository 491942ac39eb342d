"""What citizens read: the words of `data/citizens.yaml`, checked when the service starts."""

from collections.abc import Mapping
from functools import cache

from services.buffer.definitions import categories, fact_types, sources
from services.concepts import written
from services.concepts.dated import load
from services.concepts.organization import SectorInstitution
from services.concepts.text import Text


class WordsFile(written.Part):
    """The file of the words."""

    fact_types: Mapping[str, Text]
    categories: Mapping[str, Mapping[int, Text]]
    suppliers: Mapping[str, Text]


class Words:
    """The words, by what they are for."""

    def __init__(self, file: WordsFile) -> None:
        if file.fact_types.keys() != fact_types():
            raise ValueError("citizens.yaml and statuses.yaml differ in their kinds of facts")
        told = {kind: frozenset(words) for kind, words in file.categories.items()}
        if told != {kind: categories(kind) for kind in fact_types() if categories(kind)}:
            raise ValueError("citizens.yaml and statuses.yaml differ in the categories of facts")
        named = {str(place) for kind in fact_types() for place in sources(kind)}
        if missing := named - file.suppliers.keys():
            raise ValueError(f"citizens.yaml has no words for {', '.join(sorted(missing))}")
        self._fact_types = file.fact_types
        self._categories = file.categories
        self._suppliers = file.suppliers

    def fact(self, fact_type: str) -> Text | None:
        """What kind of fact; nothing for one that is no longer fed."""
        return self._fact_types.get(fact_type)

    def category(self, fact_type: str, value: int | None) -> Text | None:
        """Of which category; nothing if it is of none, or of one without words."""
        return None if value is None else self._categories.get(fact_type, {}).get(value)

    def supplier(self, place: SectorInstitution) -> Text | None:
        """Who feeds; nothing without words."""
        return self._suppliers.get(f"{place.sector}.{place.institution}")


@cache
def words() -> Words:
    """The words that the service comes with."""
    return Words(load("services.buffer", "data/citizens.yaml", WordsFile))
