"""What a person is told beside his data: `data/article15.yaml`, as it holds on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.concepts.dated import Dated, histories, load
from services.concepts.retention import retentions

CODES = (
    *("REPORTING", "CONTACT"),
    *("PURPOSES", "CATEGORIES", "RECIPIENTS", "STORAGE", "RIGHTS", "COMPLAINT", "SOURCE"),
    *("AUTOMATED_DECISIONS", "TRANSFERS"),
)
"""What one can do about an error and whom one writes to; then what article 15, 1 and 2 asks for, in
its order."""
_KEPT = ("retention", "error_reports", "decisions")


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    nl: str = Field(min_length=1)
    fr: str = Field(min_length=1)
    de: str = Field(min_length=1)


class _Item(Dated):
    code: str
    article: str = Field(min_length=1)
    title: _Words
    text: _Words


def _each_has_one_history(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    if histories(items, lambda one: one.code).keys() != set(CODES):
        raise ValueError("does not tell what article 15 asks for")
    return items


class File(BaseModel):
    """What is told, through the years."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    items: Annotated[tuple[_Item, ...], AfterValidator(_each_has_one_history)]


@dataclass(frozen=True)
class Told:
    """One thing that is told: where it is asked for, since when it is so, and in which words."""

    code: str
    article: str
    begins: date
    source: str
    title: Mapping[str, str]
    text: Mapping[str, str]


def beside(day: date) -> list[Told]:
    """What is told on a day, in the order of the article."""
    years = {of: retentions(of).on(day).years for of in _KEPT}
    return choose_told(_held(), day, years)


def choose_told(held: File, day: date, years: Mapping[str, int]) -> list[Told]:
    """What of a file is told on a day; NothingInForce if something is not told yet."""
    every = histories(held.items, lambda one: one.code)
    return [
        Told(
            code,
            one.article,
            one.begins,
            one.source,
            one.title.model_dump(),
            {language: said.format(**years) for language, said in one.text.model_dump().items()},
        )
        for code in CODES
        for one in [every[code].on(day)]
    ]


@cache
def _held() -> File:
    return load("pages", "data/article15.yaml", File)
