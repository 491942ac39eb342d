"""Reviewed files of deliberations, each problem with its file and line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.access.errors import DeliberationUnreadable
from services.access.model import Deliberation
from services.access.store import document
from services.concepts.dated import FileRefused, text_of
from services.concepts.lines import Unusable, line_of, plain
from services.concepts.problems import Problem


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A deliberation with the file it stands in, and the lines of its fields."""

    deliberation: Deliberation
    file: str
    lines: Mapping[str, int]

    def problem(self, field: str, description: str) -> Problem:
        """What is wrong with a field, with its line."""
        return Problem(field, description, line_of(self.lines, field), self.file)


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in some files, and all that keeps some of them from being read."""

    reviewed: Sequence[Reviewed]
    problems: Sequence[Problem]


def read(paths: Sequence[Path]) -> Read:
    """What stands in the files."""
    reviewed: list[Reviewed] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found, lines = plain(text_of(path))
        except FileRefused as refused:
            problems += refused.problems
            continue
        except Unusable as unusable:
            said = Problem(unusable.field, unusable.description, unusable.line, str(path))
            problems.append(said)
            continue
        try:
            reviewed.append(Reviewed(document.read(found), str(path), lines))
        except DeliberationUnreadable as unreadable:
            problems += [
                Problem(wrong.field, wrong.description, line_of(lines, wrong.field), str(path))
                for wrong in unreadable.violations
            ]
    return Read(reviewed, problems)
