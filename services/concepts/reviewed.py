"""Reviewed files in YAML: what stands in them, on which line, and everything that is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from services.concepts.dated import FileRefused, faults_of, text_of
from services.concepts.failures import Failure
from services.concepts.lines import Unusable, line_of, plain
from services.concepts.problems import Problem


class LoadRefused(Exception):
    """The file is not loaded, nor any part of it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


def problems_of(invalid: ValidationError) -> list[Problem]:
    """What a written form has against it, field by field."""
    return [Problem(field, said) for field, said in faults_of(invalid)]


def problem_of(failure: Failure, line: int) -> Problem:
    """What the first violation of a failure says about a line."""
    violations = failure.violations
    if not violations:
        return Problem("", failure.message(), line)
    return Problem(violations[0].field, violations[0].description, line)


@dataclass(frozen=True, slots=True)
class Written:
    """A document, as plain values, with the lines of its fields."""

    plain: object
    lines: Mapping[str, int]

    def line(self, field: str) -> int:
        """The line of a field; if it is missing, of what should hold it."""
        return line_of(self.lines, field)


def read_yaml(path: Path) -> Written:
    """The document of a file; LoadRefused if there is none, or a key stands twice."""
    try:
        found, lines = plain(text_of(path))
    except FileRefused as refused:
        raise LoadRefused([Problem("", one.description) for one in refused.problems]) from None
    except Unusable as fault:
        raise LoadRefused([Problem(fault.field, fault.description, fault.line or None)]) from None
    if found is None:
        raise LoadRefused([Problem("", "is empty", 1)])
    return Written(found, lines)
