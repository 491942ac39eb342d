"""The forms of the law files, made into the law. What they name is there: checks come first."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise

from services.concepts.dated import Versions
from services.rights.model.forms import (
    ConditionForm,
    FactsFile,
    ParametersFile,
    PartForm,
    RightFile,
    SeriesForm,
    StatusesFile,
)
from services.rights.model.law import (
    Amount,
    Benefit,
    Condition,
    FactKind,
    Law,
    Part,
    Right,
    RightVersion,
    Rule,
    Scope,
    Series,
    Source,
    Status,
)

_MOST = 2**60


def law_of(
    facts: FactsFile,
    statuses: StatusesFile,
    parameters: ParametersFile,
    rights: Mapping[str, RightFile],
) -> Law:
    """The law that the forms say; `rights` by the name of their file."""
    return Law(
        {
            name: Source(name, 1 << at, one.fed_by, one.title)
            for at, (name, one) in enumerate(facts.sources.items())
        },
        {
            name: FactKind(name, one.code, one.source, one.value, one.title)
            for name, one in facts.facts.items()
        },
        {name: Scope(name, one.code, one.source, one.title) for name, one in facts.scopes.items()},
        {
            name: Status(name, tuple(dict.fromkeys(_parts(name, statuses))), one.title, one.source)
            for name, one in statuses.statuses.items()
        },
        {name: _series(name, one) for name, one in parameters.amounts.items()},
        {one.right: _right(one, file) for file, one in sorted(rights.items())},
    )


def _parts(name: str, statuses: StatusesFile) -> list[Part]:
    found: list[Part] = []
    for one in statuses.statuses[name].any_of:
        if isinstance(one, PartForm):
            found.append(Part(one.fact, _ranges(one)))
        elif one in statuses.statuses:
            found += _parts(one, statuses)
        else:
            found.append(Part(one))
    return found


def _ranges(told: PartForm) -> tuple[tuple[int, int], ...]:
    if told.one_of:
        return tuple((value, value) for value in told.one_of)
    if told.between:
        return told.between
    low = -_MOST if told.at_least is None else told.at_least
    return ((low, _MOST if told.at_most is None else told.at_most),)


def _series(name: str, told: SeriesForm) -> Series:
    days = [*sorted(told.amounts), None]
    amounts = [
        Amount(day, None if after is None else after - timedelta(days=1), told.amounts[day])
        for day, after in pairwise(days)
        if day is not None
    ]
    return Series(name, Versions(amounts), told.checked_until, told.source)


def _right(told: RightFile, file: str) -> Right:
    versions = tuple(
        RightVersion(
            one.valid_from,
            one.valid_until,
            condition_of(one.granted_if),
            one.source,
            one.born_from,
            one.born_until,
        )
        for one in told.versions
    )
    return Right(
        told.right,
        told.title,
        told.explanation,
        told.body,
        told.deliberation.number,
        frozenset(told.deliberation.facts),
        Benefit(told.benefit.percent, told.benefit.amount or ""),
        versions,
        file,
    )


def condition_of(told: ConditionForm) -> Condition:
    """A condition as its form says it."""
    at = told.at or Rule()
    if told.any_member_of or told.every_member_of:
        kind = "any_member_of" if told.any_member_of else "every_member_of"
        has = Condition("has", statuses=told.has or (), when=told.when or Rule())
        inner = has if told.meets is None else condition_of(told.meets)
        scope = told.any_member_of or told.every_member_of or ""
        return Condition(kind, (inner,), scope=scope, at=at, kept=told.kept)
    if told.has is not None:
        return Condition("has", statuses=told.has, when=told.when or Rule())
    if told.age is not None:
        ages = (told.age.from_, told.age.under, told.age.until_month_of)
        return Condition("age", (), (), Rule(), "", at, None, *ages)
    if told.alone_in is not None:
        return Condition("alone_in", scope=told.alone_in, at=at)
    if told.income_of is not None:
        return Condition(
            "income_of",
            scope=told.income_of,
            at=at,
            fact=told.fact or "",
            of_year=told.of_year or 0,
            below=told.below or "",
            at_least=told.at_least or "",
            further=told.for_each_further_member or "",
        )
    if told.not_ is not None:
        return Condition("not", (condition_of(told.not_),))
    parts = told.any_of or told.all_of or ()
    kind = "any_of" if told.any_of else "all_of"
    return Condition(kind, tuple(condition_of(one) for one in parts))
