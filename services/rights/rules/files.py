"""The law files as they were read, and what each of them names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.concepts.lines import line_of
from services.concepts.problems import Problem
from services.rights.model.forms import (
    ConditionForm,
    FactsFile,
    ParametersFile,
    PartForm,
    RightFile,
    StatusesFile,
    VersionForm,
)


@dataclass(frozen=True)
class Files:
    """The law files that are shaped as they must be, with the line of each of their fields."""

    facts: FactsFile
    statuses: StatusesFile
    parameters: ParametersFile
    rights: Mapping[str, RightFile]
    lines: Mapping[str, Mapping[str, int]]

    def problem(self, file: str, field: str, said: str) -> Problem:
        """A fault in a field of a file."""
        return Problem(field, said, line_of(self.lines.get(file, {}), field), file)


def parts_of(told: ConditionForm) -> Iterator[tuple[str, ConditionForm]]:
    """The conditions in a condition, each with its field."""
    for key in ("any_of", "all_of"):
        for at, part in enumerate(getattr(told, key) or ()):
            yield f"{key}[{at}]", part
    if told.not_ is not None:
        yield "not", told.not_
    if told.meets is not None:
        yield "meets", told.meets


def walk(told: ConditionForm) -> Iterator[ConditionForm]:
    """A condition and all conditions in it."""
    yield told
    for _, part in parts_of(told):
        yield from walk(part)


def series_of(right: RightFile, version: VersionForm) -> Iterator[tuple[str, str]]:
    """The amounts that a version of a right uses, each with the field that names it."""
    if right.benefit.amount:
        yield "benefit.amount", right.benefit.amount
    for one in walk(version.granted_if):
        for key in ("below", "at_least", "for_each_further_member"):
            if getattr(one, key):
                yield key, getattr(one, key)


def facts_of(files: Files, right: RightFile) -> set[str]:
    """The kinds of facts that a right reads, in any version."""
    found: set[str] = set()
    for version in right.versions:
        for one in walk(version.granted_if):
            found |= {one.fact} if one.fact else set()
            for name in one.has or ():
                found |= _facts_in(files, name, set())
    return found


def _facts_in(files: Files, name: str, seen: set[str]) -> set[str]:
    if name in seen or name not in files.statuses.statuses:
        return set()
    seen.add(name)
    found: set[str] = set()
    for part in files.statuses.statuses[name].any_of:
        if isinstance(part, PartForm):
            found.add(part.fact)
        elif part in files.facts.facts:
            found.add(part)
        else:
            found |= _facts_in(files, part, seen)
    return found
