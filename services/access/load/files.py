"""Reviewed files: YAML, read so that every field remembers its line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from services.access.errors import DeliberationUnreadable
from services.access.model import Deliberation
from services.access.store import document


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


def read(paths: Sequence[Path]) -> tuple[list[Reviewed], list[Problem]]:
    """What stands in the files, and all that keeps some of them from being read."""
    reviewed: list[Reviewed] = []
    problems: list[Problem] = []
    for path in paths:
        found = _read(str(path), path)
        if isinstance(found, Reviewed):
            reviewed.append(found)
        else:
            problems += found
    return reviewed, problems


def _read(file: str, path: Path) -> Reviewed | list[Problem]:
    try:
        text = path.read_text("utf-8")
        plain, lines = _plain(text)
        return Reviewed(document.read(plain), file, lines)
    except OSError as fault:
        return [Problem(file, 0, "", f"cannot be read: {fault.strerror}")]
    except UnicodeDecodeError:
        return [Problem(file, 0, "", "must be UTF-8")]
    except _Unusable as unusable:
        return [Problem(file, unusable.line, unusable.field, unusable.description)]
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 0
        return [Problem(file, line, "", f"is no YAML: {fault.problem}")]
    except DeliberationUnreadable as unreadable:
        return [
            Problem(file, _line(lines, wrong.field), wrong.field, wrong.description)
            for wrong in unreadable.violations
        ]


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
