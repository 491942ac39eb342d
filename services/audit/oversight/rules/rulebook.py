"""The rules of `data/misuse.yaml`, checked whole before one of them is used."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

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
    Rules,
    Searching,
    Thresholds,
    Volume,
)
from services.concepts import dated
from services.concepts.dated import Dated, Versions, histories
from services.concepts.text import Text

T = TypeVar("T", bound=Thresholds)
Words = Annotated[str, Field(min_length=10, max_length=600)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Explanation(_Strict):
    nl: Words
    fr: Words
    de: Words


class _Rule(Dated):
    code: Code
    source: Annotated[str, Field(min_length=10)]
    explanation: _Explanation
    thresholds: dict[str, Any]


class _Reports(_Strict):
    asked_at_least: Annotated[list[Annotated[int, Field(ge=2)]], Field(min_length=1)]


def _every_rule(rules: tuple[_Rule, ...]) -> tuple[_Rule, ...]:
    if missing := set(Code) - histories(rules, lambda one: one.code).keys():
        raise ValueError(f"no rule {', '.join(sorted(missing))}")
    return rules


class _File(_Strict):
    rules: Annotated[tuple[_Rule, ...], AfterValidator(_every_rule)]
    report: _Reports
    answers: Versions[AnswerTerm]


def parse(text: str) -> Rulebook:
    """The rules in a text; ValueError if one is missing, said twice, or no rule."""
    held = dated.parse(text, _File, "misuse.yaml")
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
        held.answers,
    )


@cache
def rulebook() -> Rulebook:
    """The rules that the service comes with."""
    return parse(files("services.audit").joinpath("data/misuse.yaml").read_text("utf-8"))


def _versions(rules: Sequence[_Rule]) -> "Callable[[Code, type[T]], Rules[T]]":
    def of(code: Code, shape: type[T]) -> Rules[T]:
        return Versions(
            [
                Rule(
                    one.begins,
                    one.source,
                    Text(one.explanation.nl, one.explanation.fr, one.explanation.de),
                    shape.model_validate(one.thresholds),
                    one.ends,
                )
                for one in rules
                if one.code is code
            ]
        )

    return of


def explain_rule(rules: Rulebook, code: Code, day: date) -> Text:
    """What a rule says, as it held on a day; the code itself where none did."""
    held: dict[Code, Rule[Any] | None] = {
        Code.REGISTER_LOOK_UNREGISTER: rules.registering.find(day),
        Code.SEARCH_WITHOUT_FOLLOW_UP: rules.searching.find(day),
        Code.ASKED_BY_MANY: rules.asking.find(day),
        Code.OFF_HOURS: rules.hours.find(day),
        Code.ABOVE_ESTIMATE: rules.volume.find(day),
        Code.OWN_NUMBER: rules.own_number.find(day),
        Code.COLLEAGUES: rules.colleagues.find(day),
        Code.SAME_NON_CLIENT: rules.returning.find(day),
        Code.DECEASED_OR_MINOR: rules.ages.find(day),
    }
    rule = held[code]
    return rule.explanation if rule else Text(*[code.value] * 3)
