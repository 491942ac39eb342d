"""Reviewed files: YAML, read so that every field remembers its line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from services.access.errors import DeliberationUnreadable
from services.access.load import organizations
from services.access.model import Deliberation, KnownOrganization
from services.access.store import document
from services.concepts.failures import InvalidArgument


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: on which line (from 1), in which field, and what is expected."""

    file: str
    line: int
    field: str
    description: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A deliberation with the file it stands in, and the lines of its fields."""

    deliberation: Deliberation
    file: str
    lines: Mapping[str, int]

    def problem(self, field: str, description: str) -> Problem:
        """What is wrong with a field, with its line."""
        return Problem(self.file, _line(self.lines, field), field, description)


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in some files, and all that keeps some of them from being read."""

    reviewed: Sequence[Reviewed]
    organizations: Sequence[KnownOrganization]
    problems: Sequence[Problem]


def read(paths: Sequence[Path]) -> Read:
    """What stands in the files."""
    reviewed: list[Reviewed] = []
    admitted: list[KnownOrganization] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            plain, lines = _written(path)
        except _Unusable as unusable:
            said = Problem(str(path), unusable.line, unusable.field, unusable.description)
            problems.append(said)
            continue
        try:
            if isinstance(plain, dict) and "organizations" in plain:
                admitted += organizations.read(plain)
            else:
                reviewed.append(Reviewed(document.read(plain), str(path), lines))
        except (DeliberationUnreadable, InvalidArgument) as unreadable:
            problems += [
                Problem(str(path), _line(lines, wrong.field), wrong.field, wrong.description)
                for wrong in unreadable.violations
            ]
    return Read(reviewed, admitted, problems)


def _written(path: Path) -> tuple[Any, dict[str, int]]:
    try:
        return _plain(path.read_text("utf-8"))
    except OSError as fault:
        raise _Unusable(0, "", f"cannot be read: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise _Unusable(0, "", "must be UTF-8") from None
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 0
        raise _Unusable(line, "", f"is no YAML: {fault.problem}") from None


class _Unusable(Exception):
    """YAML that means nothing here."""

    def __init__(self, line: int, field: str, description: str) -> None:
        super().__init__(description)
        self.line = line
        self.field = field
        self.description = description


def _plain(text: str) -> tuple[Any, dict[str, int]]:
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else 0
            raise _Unusable(line, "", "aliases are not used")
    lines: dict[str, int] = {}
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return (None if node is None else _value(node, "", lines)), lines


def _value(node: yaml.Node, path: str, lines: dict[str, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, f"{path}[{at}]", lines) for at, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: str, lines: dict[str, int]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, item in node.value:
        name = str(key.value)
        below = f"{path}.{name}" if path else name
        if name in plain:
            raise _Unusable(key.start_mark.line + 1, below, "stands here a second time")
        plain[name] = _value(item, below, lines)
        lines[below] = key.start_mark.line + 1
    return plain


def _scalar(node: yaml.Node) -> Any:
    # Numbers with a point and days stay texts: 17.1 is a place in the network, and the written form
    # has one way to write a day.
    match node.tag.rpartition(":")[2]:
        case "int":
            return yaml.safe_load(node.value)
        case "bool":
            return yaml.safe_load(node.value)
        case "null":
            return None
    return node.value


def _line(lines: Mapping[str, int], field: str) -> int:
    """The line of a field, or of what should have held it."""
    while field and field not in lines:
        field = field[: max(field.rfind("."), field.rfind("["), 0)]
    return lines.get(field, 1)
