"""The forms of the law files: what may stand in them, and in which shape."""

from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, PlainValidator, model_validator

from services.concepts import written
from services.concepts.text import Text
from services.rights.model.law import Rule
from services.rights.model.words import KEPT, day_rule_of, parse_word, rule_of

CENTS = 100
Name = Annotated[str, Field(strict=True, pattern=r"^[A-Z][A-Z0-9_]{1,47}$")]


def _cents(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError('must be an amount in quotes, for example "17424.93"')
    euros, point, cents = value.partition(".")
    if not (point and euros.isdecimal() and cents.isdecimal() and len(cents) == 2):
        raise ValueError('must be an amount with two decimals, for example "17424.93"')
    return int(euros) * CENTS + int(cents)


def _words(value: object) -> dict[str, str]:
    if isinstance(value, dict) and value and value.keys() <= {"test", "grants"}:
        if all(isinstance(word, str) for word in value.values()):
            return value
    elif isinstance(value, str):
        return {"test": value}
    raise ValueError("must be the name of a test, or {test: NAME, grants: NAME}")


def _rule(value: object) -> Rule:
    return rule_of(**_words(value))


def _day(value: object) -> Rule:
    return day_rule_of(**_words(value))


def _kept(value: object) -> Rule:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    word, times = parse_word(value, KEPT)
    return Rule(word, times)


def _names(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Cents = Annotated[int, PlainValidator(_cents)]
When = Annotated[Rule, PlainValidator(_rule)]
OnDay = Annotated[Rule, PlainValidator(_day)]
Keeping = Annotated[Rule, PlainValidator(_kept)]


class SourceForm(written.Part):
    """Who establishes facts."""

    fed_by: tuple[written.Place, ...] = ()
    title: Text


class FactForm(written.Part):
    """A kind of fact."""

    code: Annotated[int, Field(strict=True, ge=1, le=30000)]
    source: Name
    value: Literal["none", "cents", "points", "category", "postal_code"] = "none"
    title: Text


class ScopeForm(written.Part):
    """Which persons make one household."""

    code: Annotated[int, Field(strict=True, ge=1, le=120)]
    source: Name
    title: Text


class FactsFile(written.Part):
    """`facts.yaml`."""

    source: written.Text
    sources: dict[Name, SourceForm]
    facts: dict[Name, FactForm]
    scopes: dict[Name, ScopeForm]


class PartForm(written.Part):
    """A fact whose value counts between bounds."""

    fact: Name
    at_least: Annotated[int, Field(strict=True)] | None = None
    at_most: Annotated[int, Field(strict=True)] | None = None
    one_of: tuple[Annotated[int, Field(strict=True)], ...] = ()
    between: tuple[tuple[int, int], ...] = ()

    @model_validator(mode="after")
    def _bounded_in_one_way(self) -> Self:
        bounds = self.at_least is not None or self.at_most is not None
        if bounds + bool(self.one_of) + bool(self.between) != 1:
            raise ValueError("must say at_least, at_most, one_of or between")
        if any(low > high for low, high in self.between):
            raise ValueError("must not end before it begins")
        return self


class StatusForm(written.Part):
    """A status: any of some facts, or of other statuses."""

    any_of: Annotated[tuple[Name | PartForm, ...], written.SOME]
    source: written.Text
    title: Text


class StatusesFile(written.Part):
    """`statuses.yaml`."""

    statuses: dict[Name, StatusForm]


class SeriesForm(written.Part):
    """An amount through the years."""

    amounts: dict[written.Day, Cents]
    checked_until: written.Day
    source: written.Text


class ParametersFile(written.Part):
    """`parameters.yaml`."""

    amounts: dict[Name, SeriesForm]


class ConditionForm(written.Part):
    """A condition: exactly one kind, with what it needs and nothing else."""

    any_of: tuple["ConditionForm", ...] | None = None
    all_of: tuple["ConditionForm", ...] | None = None
    not_: Annotated["ConditionForm | None", Field(validation_alias=AliasChoices("not"))] = None
    has: Annotated[tuple[Name, ...] | None, Field()] = None
    when: When | None = None
    any_member_of: Name | None = None
    every_member_of: Name | None = None
    meets: "ConditionForm | None" = None
    at: OnDay | None = None
    kept: Keeping | None = None
    age: "AgeForm | None" = None
    alone_in: Name | None = None
    income_of: Name | None = None
    fact: Name | None = None
    of_year: Annotated[int, Field(strict=True, ge=-3, le=-1)] | None = None
    below: Name | None = None
    at_least: Name | None = None
    for_each_further_member: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_alone_is_a_list(cls, told: object) -> object:
        if isinstance(told, dict) and "has" in told:
            return {**told, "has": _names(told["has"])}
        return told

    @model_validator(mode="after")
    def _of_one_kind_and_whole(self) -> Self:
        told = self.model_fields_set
        kinds = [name for name in KINDS if name in told]
        if "has" in kinds and {"any_member_of", "every_member_of"} & told:
            kinds.remove("has")
        if len(kinds) != 1:
            raise ValueError(f"must be one of {', '.join(KINDS).replace('not_', 'not')}")
        needs, may = KINDS[kinds[0]]
        if kinds[0] in ("any_member_of", "every_member_of"):
            needs = (*needs, "meets") if "meets" in told else (*needs, "has", "when")
        if lacking := [name for name in needs if name not in told]:
            raise ValueError(f"{kinds[0]} needs {' and '.join(lacking)}")
        if more := sorted(told - {kinds[0], *needs, *may}):
            raise ValueError(f"{kinds[0]} takes no {' and no '.join(more)}")
        if self.any_of == () or self.all_of == () or self.has == ():
            raise ValueError("must not be empty")
        if self.kept is not None and (self.meets is not None or self.every_member_of):
            raise ValueError("kept goes with any_member_of, has and when")
        if kinds[0] == "income_of" and not {"below", "at_least"} & told:
            raise ValueError("income_of needs below or at_least")
        return self


KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "any_of": ((), ()),
    "all_of": ((), ()),
    "not_": ((), ()),
    "has": (("when",), ()),
    "any_member_of": (("at",), ("kept",)),
    "every_member_of": (("at",), ()),
    "age": (("at",), ()),
    "alone_in": (("at",), ()),
    "income_of": (("at", "fact", "of_year"), ("below", "at_least", "for_each_further_member")),
}
"""What each kind of condition needs, and what it may have."""


class AgeForm(written.Part):
    """An age in years: from one, under one, or to the end of the month in which it is reached."""

    from_: Annotated[
        int | None, Field(strict=True, ge=0, le=120, validation_alias=AliasChoices("from"))
    ] = None
    under: Annotated[int | None, Field(strict=True, ge=1, le=120)] = None
    until_month_of: Annotated[int | None, Field(strict=True, ge=1, le=120)] = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("must say from, under or until_month_of")
        if self.under is not None and self.until_month_of is not None:
            raise ValueError("must say under or until_month_of")
        return self


class VersionForm(written.Part):
    """What is law during a period, for those born in another."""

    valid_from: written.Day
    valid_until: written.Day | None = None
    source: written.Text
    born_from: written.Day | None = None
    born_until: written.Day | None = None
    granted_if: ConditionForm


class DeliberationForm(written.Part):
    """Which facts the body that grants the right may have used."""

    number: written.Text
    facts: Annotated[tuple[Name, ...], written.SOME]


class BenefitForm(written.Part):
    """What the right gives."""

    percent: Annotated[int | None, Field(strict=True, ge=0, le=100)] = None
    amount: Name | None = None


class RightFile(written.Part):
    """A file of `rights/`."""

    right: Name
    title: Text
    explanation: Text
    body: written.Text
    deliberation: DeliberationForm
    benefit: BenefitForm = BenefitForm()
    versions: Annotated[tuple[VersionForm, ...], written.SOME]


ConditionForm.model_rebuild()
