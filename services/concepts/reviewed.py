"""Reviewed files in YAML: what stands in them, on which line, and everything that is wrong."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from services.concepts.failures import Failure

_STEP = re.compile(r"[^.\[\]]+")


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


@dataclass(frozen=True, slots=True)
class Written:
    """A document, as plain values and as the nodes that know their lines."""

    plain: object
    root: yaml.Node

    def line(self, field: str) -> int:
        """The line of a field; if it is missing, of what should hold it."""
        node, line = self.root, self.root.start_mark.line
        for step in _STEP.findall(field):
            found = _below(node, step)
            if found is None:
                break
            line, node = found
        return line + 1


def read_yaml(path: Path) -> Written:
    """The document of a file; LoadRefused if there is none, or a key stands twice."""
    try:
        loader = yaml.SafeLoader(path.read_text("utf-8"))
        root = loader.get_single_node()
        if root is None:
            raise LoadRefused([Problem("", "is empty", 1)])
        if repeated := list(_repeated(root)):
            raise LoadRefused(repeated)
        return Written(loader.construct_document(root), root)
    except OSError as fault:
        raise LoadRefused([Problem("", f"cannot be read: {fault.strerror}")]) from None
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else None
        raise LoadRefused([Problem("", "is no YAML", line)]) from None
    except (ValueError, RecursionError, yaml.YAMLError):
        raise LoadRefused([Problem("", "is no YAML")]) from None


def _below(node: yaml.Node, step: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        item = node.value[int(step)]
        return item.start_mark.line, item
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line, value
    return None


def _repeated(node: yaml.Node) -> Iterator[Problem]:
    """The keys that stand in a mapping for a second time: the first would silently not count."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(item)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                yield Problem(str(key.value), "stands twice", key.start_mark.line + 1)
            seen.add(str(key.value))
            yield from _repeated(value)
