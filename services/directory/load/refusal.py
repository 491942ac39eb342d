"""Why a file is refused: everything that is wrong with it, each with its place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from services.concepts.failures import Failure


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong: the field and what; never a value of the file."""

    field: str
    """Its path, for example `organizations[3].cbe_number`; empty when it is not one field."""
    what: str
    line: int | None = None
    """From 1; nothing where the field tells."""


class LoadRefused(Exception):
    """The file is not loaded, nor any part of it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


def problems_of(invalid: ValidationError) -> list[Problem]:
    """What a written form has against it, field by field."""
    faults = invalid.errors(include_url=False, include_input=False, include_context=False)
    return [
        Problem(_path(fault["loc"]), fault["msg"].removeprefix("Value error, ")) for fault in faults
    ]


def problem_of(failure: Failure, line: int) -> Problem:
    """What the first violation of a failure says about a line."""
    violations = failure.violations
    if not violations:
        return Problem("", failure.message(), line)
    return Problem(violations[0].field, violations[0].description, line)


def _path(location: Iterable[str | int]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")
