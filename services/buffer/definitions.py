"""The statuses, as `data/statuses.yaml` defines them."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from services.buffer.model import Definitions, StatusDefinition
from services.concepts import written
from services.concepts.dated import Dated, Misdated, histories, load
from services.concepts.organization import SectorInstitution

Value = Literal["none", "category", "cents", "points", "postal_code", "day"]
"""What the value of a fact is."""


class _FactType(written.Part):
    about: written.Text
    sources: Annotated[tuple[written.Place, ...], written.SOME]
    value: Value = "none"
    opens: written.Flag = True
    categories: tuple[Annotated[int, Field(strict=True)], ...] = ()

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if bool(self.categories) != (self.value == "category"):
            raise ValueError("has categories exactly if its value is a category")
        return self


class _Scope(written.Part):
    about: written.Text
    sources: Annotated[tuple[written.Place, ...], written.SOME]


class _Status(Dated):
    name: written.Text
    about: written.Text
    any_of: Annotated[frozenset[written.Text], written.SOME_OF_A_SET]


class _File(Dated):
    reviewed_on: written.Day
    fact_types: dict[str, _FactType]
    scopes: dict[str, _Scope]
    statuses: Annotated[tuple[_Status, ...], written.SOME]

    @model_validator(mode="after")
    def _made_of_what_is_kept(self) -> Self:
        for at, one in enumerate(self.statuses):
            if not one.any_of <= self.fact_types.keys():
                raise Misdated(at, f"{one.name} is made of unknown facts")
        histories(self.statuses, lambda one: one.name)
        return self


@cache
def _file() -> _File:
    return load("services.buffer", "data/statuses.yaml", _File)


def definitions(on: date) -> Definitions:
    """The statuses in force on a day; a malformed file stops the process that needs it."""
    found = histories(_file().statuses, lambda one: one.name)
    return {
        name: StatusDefinition(name, one.any_of)
        for name, history in found.items()
        if (one := history.find(on)) is not None
    }


def fact_types() -> frozenset[str]:
    """The kinds of facts that may be kept."""
    return frozenset(_file().fact_types)


def sources(fact_type: str) -> frozenset[SectorInstitution]:
    """Which sources may feed a kind of fact, each its own; none if it is not kept."""
    kept = _file().fact_types.get(fact_type)
    return frozenset() if kept is None else frozenset(kept.sources)


def categories(fact_type: str) -> frozenset[int]:
    """The categories that a kind of fact may be of; none if it has no categories."""
    kept = _file().fact_types.get(fact_type)
    return frozenset() if kept is None else frozenset(kept.categories)


def value_of(fact_type: str) -> Value:
    """What the value of a kind of fact is; none if it is not kept."""
    kept = _file().fact_types.get(fact_type)
    return "none" if kept is None else kept.value


def base_kinds() -> frozenset[str]:
    """The kinds of facts that make nobody a possible beneficiary."""
    return frozenset(name for name, one in _file().fact_types.items() if not one.opens)


def scopes() -> Mapping[str, frozenset[SectorInstitution]]:
    """The kinds of households, each with the sources that may feed it."""
    return {name: frozenset(one.sources) for name, one in _file().scopes.items()}
