"""What a person is told beside his data: `data/article15.yaml`, as it holds on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from services.audit.retention.forgetting import retentions
from services.audit.retention.rules import in_force

CODES = (
    *("PURPOSES", "CATEGORIES", "RECIPIENTS", "STORAGE", "RIGHTS", "COMPLAINT", "SOURCE"),
    *("AUTOMATED_DECISIONS", "TRANSFERS"),
)
"""What article 15, 1 and 2 asks for, in its order."""
_KEPT = ("retention", "error_reports", "decisions")


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    nl: str = Field(min_length=1)
    fr: str = Field(min_length=1)
    de: str = Field(min_length=1)


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    article: str = Field(min_length=1)
    begins: date = Field(alias="from")
    source: str = Field(min_length=1)
    title: _Words
    text: _Words


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    items: list[_Item]


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
    years = {of: in_force(retentions(of), day).years for of in _KEPT}
    return chosen(_held(), day, years)


def chosen(held: object, day: date, years: Mapping[str, int]) -> list[Told]:
    """What of a file is told on a day; ValueError if something that is asked for is not in it."""
    every = _File.model_validate(held).items
    begun = sorted((one for one in every if one.begins <= day), key=lambda one: one.begins)
    latest = {one.code: one for one in begun}
    if {one.code for one in every} != set(CODES) or latest.keys() != set(CODES):
        raise ValueError("article15.yaml does not tell what article 15 asks for")
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
        for one in [latest[code]]
    ]


@cache
def _held() -> object:
    return yaml.safe_load(files("sandbox").joinpath("data/article15.yaml").read_text("utf-8"))
