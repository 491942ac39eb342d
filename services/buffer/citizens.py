"""What citizens read: the words of `data/citizens.yaml`, checked when the service starts."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from services.buffer.definitions import fact_types
from services.buffer.model import Text
from services.concepts.organization import SectorInstitution


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    nl: str = Field(min_length=1)
    fr: str = Field(min_length=1)
    de: str = Field(min_length=1)

    def text(self) -> Text:
        return Text(self.nl, self.fr, self.de)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    fact_types: Mapping[str, _Words]
    suppliers: Mapping[str, _Words]


class Words:
    """The words, by what they are for."""

    def __init__(self, held: object) -> None:
        file = _File.model_validate(held)
        if file.fact_types.keys() != fact_types():
            raise ValueError("citizens.yaml and statuses.yaml differ in their kinds of facts")
        self._fact_types = {name: words.text() for name, words in file.fact_types.items()}
        self._suppliers = {place: words.text() for place, words in file.suppliers.items()}

    def fact(self, fact_type: str) -> Text | None:
        """What kind of fact; nothing for one that is no longer fed."""
        return self._fact_types.get(fact_type)

    def supplier(self, place: SectorInstitution) -> Text | None:
        """Who feeds; nothing without words."""
        return self._suppliers.get(f"{place.sector}.{place.institution}")


@cache
def words() -> Words:
    """The words that the service comes with."""
    text = files("services.buffer").joinpath("data/citizens.yaml").read_text("utf-8")
    return Words(yaml.safe_load(text))
