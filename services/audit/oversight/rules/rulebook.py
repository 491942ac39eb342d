"""The rules of `data/misuse.yaml`, checked whole before one of them is used."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field

from services.audit.oversight.model import Code
from services.audit.oversight.model.thresholds import (
    Ages,
    AnswerTerm,
    Asking,
    Colleagues,
    Hours,
    OwnNumber,
    Registering,
    Returning,
    Rule,
    Rulebook,
    Searching,
    Thresholds,
    Versions,
    Volume,
)
from services.concepts.text import Text

T = TypeVar("T", bound=Thresholds)
Words = Annotated[str, Field(min_length=10, max_length=600)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Explanation(_Strict):
    nl: Words
    fr: Words
    de: Words


class _Rule(_Strict):
    code: Code
    begins: date = Field(alias="from")
    source: Annotated[str, Field(min_length=10)]
    explanation: _Explanation
    thresholds: dict[str, Any]


class _Reports(_Strict):
    asked_at_least: Annotated[list[Annotated[int, Field(ge=2)]], Field(min_length=1)]


class _Answer(_Strict):
    begins: date = Field(alias="from")
    days: Annotated[int, Field(ge=1, le=366)]
    source: Annotated[str, Field(min_length=10)]


class _File(_Strict):
    rules: list[_Rule]
    report: _Reports
    answers: Annotated[list[_Answer], Field(min_length=1)]


def parse(text: str) -> Rulebook:
    """The rules in a text; ValueError if one is missing, said twice, or no rule."""
    held = _File.model_validate(yaml.safe_load(text))
    said = [(one.code, one.begins) for one in held.rules]
    if len(set(said)) < len(said):
        raise ValueError("a rule is there twice from the same day")
    if missing := set(Code) - {code for code, _ in said}:
        raise ValueError(f"no rule {', '.join(sorted(missing))}")
    of = _versions(held.rules)
    return Rulebook(
        of(Code.REGISTER_LOOK_UNREGISTER, Registering),
        of(Code.SEARCH_WITHOUT_FOLLOW_UP, Searching),
        of(Code.ASKED_BY_MANY, Asking),
        of(Code.OFF_HOURS, Hours),
        of(Code.ABOVE_ESTIMATE, Volume),
        of(Code.OWN_NUMBER, OwnNumber),
        of(Code.COLLEAGUES, Colleagues),
        of(Code.SAME_NON_CLIENT, Returning),
        of(Code.DECEASED_OR_MINOR, Ages),
        tuple(sorted(held.report.asked_at_least)),
        tuple(AnswerTerm(one.begins, one.days, one.source.strip()) for one in held.answers),
    )


@cache
def rulebook() -> Rulebook:
    """The rules that the service comes with."""
    return parse(files("services.audit").joinpath("data/misuse.yaml").read_text("utf-8"))


def _versions(rules: Sequence[_Rule]) -> "Callable[[Code, type[T]], Versions[T]]":
    def of(code: Code, shape: type[T]) -> Versions[T]:
        return Versions(
            [
                Rule(
                    one.begins,
                    one.source.strip(),
                    Text(one.explanation.nl, one.explanation.fr, one.explanation.de),
                    shape.model_validate(one.thresholds),
                )
                for one in rules
                if one.code is code
            ]
        )

    return of


def explained(rules: Rulebook, code: Code, day: date) -> Text:
    """What a rule says, as it held on a day; the code itself where none did."""
    rule = {
        Code.REGISTER_LOOK_UNREGISTER: rules.registering.on,
        Code.SEARCH_WITHOUT_FOLLOW_UP: rules.searching.on,
        Code.ASKED_BY_MANY: rules.asking.on,
        Code.OFF_HOURS: rules.hours.on,
        Code.ABOVE_ESTIMATE: rules.volume.on,
        Code.OWN_NUMBER: rules.own_number.on,
        Code.COLLEAGUES: rules.colleagues.on,
        Code.SAME_NON_CLIENT: rules.returning.on,
        Code.DECEASED_OR_MINOR: rules.ages.on,
    }[code](day)
    return rule.explanation if rule else Text(*[code.value] * 3)
