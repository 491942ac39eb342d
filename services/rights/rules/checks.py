"""What refuses a release of the law: every fault with its file and line."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from services.concepts.problems import Problem
from services.rights.model.forms import ConditionForm, PartForm, RightFile, VersionForm
from services.rights.rules.files import Files, facts_of, parts_of, series_of, walk

CHECKED_FOR = timedelta(days=396)
"""Thirteen months: for so long a right in force may use an amount that nobody looked at again."""
_LAST = date.max


def faults_of(files: Files) -> list[Problem]:
    """Everything that is wrong with the law, whatever the day."""
    return [
        *_of_facts(files),
        *_of_statuses(files),
        *_of_rights(files),
        *_unused(files),
    ]


def stale(files: Files, day: date) -> list[Problem]:
    """Amounts that a right in force uses and nobody looked at for too long."""
    used = {
        series
        for right in files.rights.values()
        for version in right.versions
        if version.valid_from <= day <= (version.valid_until or _LAST)
        for _, series in series_of(right, version)
    }
    return [
        files.problem(
            "parameters.yaml",
            f"amounts.{name}.checked_until",
            f"{name} was not checked since {one.checked_until}",
        )
        for name, one in files.parameters.amounts.items()
        if name in used and one.checked_until + CHECKED_FOR < day
    ]


def _of_facts(files: Files) -> Iterator[Problem]:
    codes: dict[tuple[str, int], str] = {}
    told = files.facts
    kinds: Sequence[tuple[str, Mapping[str, object]]] = (
        ("facts", told.facts),
        ("scopes", told.scopes),
    )
    for kind, entries in kinds:
        for name, one in entries.items():
            code, source = one.code, one.source  # type: ignore[attr-defined]
            if (kind, code) in codes:
                said = f"is the code of {codes[kind, code]}"
                yield files.problem("facts.yaml", f"{kind}.{name}.code", said)
            codes[kind, code] = name
            if source not in told.sources:
                said = f"{source} is no source"
                yield files.problem("facts.yaml", f"{kind}.{name}.source", said)
            elif not told.sources[source].fed_by:
                said = f"nobody feeds {name}"
                yield files.problem("facts.yaml", f"sources.{source}", said)


def _of_statuses(files: Files) -> Iterator[Problem]:
    facts, statuses = files.facts.facts, files.statuses.statuses
    for name, one in statuses.items():
        if name in facts:
            yield files.problem("statuses.yaml", f"statuses.{name}", "is the name of a fact")
        for at, part in enumerate(one.any_of):
            field = f"statuses.{name}.any_of[{at}]"
            if isinstance(part, PartForm):
                yield from _of_part(files, field, part)
            elif part not in facts and part not in statuses:
                yield files.problem("statuses.yaml", field, f"{part} is no fact and no status")
    graph = {
        name: [part for part in one.any_of if isinstance(part, str) and part in statuses]
        for name, one in statuses.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        chain = list(circle.args[1])
        yield files.problem("statuses.yaml", f"statuses.{chain[0]}", f"circle: {' → '.join(chain)}")


def _of_part(files: Files, field: str, part: PartForm) -> Iterator[Problem]:
    kind = files.facts.facts.get(part.fact)
    if kind is None:
        yield files.problem("statuses.yaml", field, f"{part.fact} is no fact")
    elif kind.value == "none":
        yield files.problem("statuses.yaml", field, f"{part.fact} has no value")
    elif kind.value == "cents":
        yield files.problem("statuses.yaml", field, "an income goes with the limits of a year")


def _of_rights(files: Files) -> Iterator[Problem]:
    named: dict[str, str] = {}
    for file, right in sorted(files.rights.items()):
        if right.right in named:
            yield files.problem(file, "right", f"stands in {named[right.right]} too")
        named[right.right] = file
        yield from _of_versions(files, file, right)
        if right.benefit.amount and right.benefit.amount not in files.parameters.amounts:
            yield files.problem(file, "benefit.amount", f"{right.benefit.amount} is no amount")
        for at, fact in enumerate(right.deliberation.facts):
            if fact not in files.facts.facts:
                yield files.problem(file, f"deliberation.facts[{at}]", f"{fact} is no fact")
        for at, version in enumerate(right.versions):
            yield from _of_condition(files, file, f"versions[{at}].granted_if", version.granted_if)
            yield from _of_series(files, file, at, right, version)
        read = facts_of(files, right)
        for fact in sorted(read - set(right.deliberation.facts)):
            said = f"the right reads {fact}, which the deliberation does not list"
            yield files.problem(file, "deliberation.facts", said)
        for fact in sorted(set(right.deliberation.facts) & files.facts.facts.keys() - read):
            said = f"lists {fact}, which the right does not read"
            yield files.problem(file, "deliberation.facts", said)


def _of_versions(files: Files, file: str, right: RightFile) -> Iterator[Problem]:
    """Versions follow each other without gap or overlap, for each day of birth."""
    for at, one in enumerate(right.versions):
        if one.valid_until is not None and one.valid_until < one.valid_from:
            said = "must not end before it begins"
            yield files.problem(file, f"versions[{at}].valid_until", said)
            return
        if one.born_from and one.born_until and one.born_until < one.born_from:
            said = "must not end before it begins"
            yield files.problem(file, f"versions[{at}].born_until", said)
            return
    edges = {one.born_from or date.min for one in right.versions}
    edges |= {
        one.born_until + timedelta(days=1)
        for one in right.versions
        if one.born_until is not None and one.born_until < _LAST
    }
    told = set()
    for born in sorted({date.min, *edges}):
        of_them = [
            (at, one)
            for at, one in enumerate(right.versions)
            if (one.born_from or date.min) <= born <= (one.born_until or _LAST)
        ]
        of_them.sort(key=lambda entry: entry[1].valid_from)
        for (_, before), (at, after) in pairwise(of_them):
            said = _misfit(before, after)
            if said and (at, said) not in told:
                told.add((at, said))
                yield files.problem(file, f"versions[{at}].valid_from", said)


def _misfit(before: VersionForm, after: VersionForm) -> str:
    end = before.valid_until or _LAST
    if after.valid_from <= end:
        return f"overlaps the version of {before.valid_from}"
    if after.valid_from > end + timedelta(days=1):
        return f"leaves a gap after {end}"
    return ""


def _of_condition(files: Files, file: str, field: str, told: ConditionForm) -> Iterator[Problem]:
    for key, value in (("has", told.has or ()),):
        for name in value:
            if name not in files.statuses.statuses:
                yield files.problem(file, f"{field}.{key}", f"{name} is no status")
    for key in ("any_member_of", "every_member_of", "alone_in", "income_of"):
        scope = getattr(told, key)
        if scope is not None and scope not in files.facts.scopes:
            yield files.problem(file, f"{field}.{key}", f"{scope} is no household")
    for key in ("below", "at_least", "for_each_further_member"):
        series = getattr(told, key)
        if series is not None and series not in files.parameters.amounts:
            yield files.problem(file, f"{field}.{key}", f"{series} is no amount")
    if told.fact is not None:
        kind = files.facts.facts.get(told.fact)
        if kind is None:
            yield files.problem(file, f"{field}.fact", f"{told.fact} is no fact")
        elif kind.value != "cents":
            yield files.problem(file, f"{field}.fact", f"{told.fact} is not in cents")
    for below, part in parts_of(told):
        yield from _of_condition(files, file, f"{field}.{below}", part)


def _of_series(
    files: Files, file: str, at: int, right: RightFile, version: VersionForm
) -> Iterator[Problem]:
    for key, name in series_of(right, version):
        series = files.parameters.amounts.get(name)
        field = key if key == "benefit.amount" else f"versions[{at}].valid_from"
        # That it is unknown is told where it stands.
        if series is not None and (not series.amounts or min(series.amounts) > version.valid_from):
            said = f"{name} has no amount on {version.valid_from}"
            yield files.problem(file, field, said)


def _unused(files: Files) -> Iterator[Problem]:
    conditions = [
        one
        for right in files.rights.values()
        for version in right.versions
        for one in walk(version.granted_if)
    ]
    statuses = {name for one in conditions for name in one.has or ()}
    statuses |= {
        part
        for status in files.statuses.statuses.values()
        for part in status.any_of
        if isinstance(part, str)
    }
    facts = {fact for right in files.rights.values() for fact in facts_of(files, right)}
    series = {
        name
        for right in files.rights.values()
        for version in right.versions
        for _, name in series_of(right, version)
    }
    yield from _nobody_uses(files, "statuses.yaml", "statuses", files.statuses.statuses, statuses)
    yield from _nobody_uses(files, "facts.yaml", "facts", files.facts.facts, facts)
    yield from _nobody_uses(files, "parameters.yaml", "amounts", files.parameters.amounts, series)


def _nobody_uses(
    files: Files, file: str, kind: str, told: Collection[str], used: Collection[str]
) -> Iterator[Problem]:
    for name in told:
        if name not in used:
            yield files.problem(file, f"{kind}.{name}", "no right uses it")
