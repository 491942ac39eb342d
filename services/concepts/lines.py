"""YAML, read so that every field remembers its line."""

from collections.abc import Mapping
from typing import Any

import yaml

DEEPEST = 64
"""How deep lists and mappings may stand in each other."""


class Unusable(Exception):
    """A text that means nothing here: on which line, in which field, and why."""

    def __init__(self, line: int, field: str, description: str) -> None:
        super().__init__(description)
        self.line = line
        self.field = field
        self.description = description


def plain(text: str, *, aliases: bool = False) -> tuple[Any, dict[str, int]]:
    """What stands in a text, and the line of each of its fields; fails with Unusable.

    Aliases are refused unless the text is ours: a few lines of them can stand for gigabytes.
    """
    try:
        return _composed(text, aliases)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 0
        raise Unusable(line, "", f"is no YAML: {fault.problem}") from None
    except (yaml.YAMLError, ValueError):
        raise Unusable(0, "", "is no YAML") from None


def line_of(lines: Mapping[str, int], field: str) -> int:
    """The line of a field, or of what should have held it."""
    while field and field not in lines:
        field = field[: max(field.rfind("."), field.rfind("["), 0)]
    return lines.get(field, 1)


def _composed(text: str, aliases: bool) -> tuple[Any, dict[str, int]]:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            # Before it is all read: what reading costs grows with the square of the depth.
            raise Unusable(line, "", "is nested too deeply")
        if isinstance(event, yaml.AliasEvent) and not aliases:
            raise Unusable(line, "", "aliases are not used")
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
    found: dict[str, Any] = {}
    for key, item in node.value:
        name = str(key.value)
        below = f"{path}.{name}" if path else name
        if name in found:
            raise Unusable(key.start_mark.line + 1, below, "stands here a second time")
        found[name] = _value(item, below, lines)
        lines[below] = key.start_mark.line + 1
    return found


def _scalar(node: yaml.Node) -> Any:
    # Numbers with a point and days stay texts: 17.1 is a place in the network, and a form parses a
    # day, or a share, itself.
    match node.tag.rpartition(":")[2]:
        case "int" | "bool":
            return yaml.safe_load(node.value)
        case "null":
            return None
    return node.value
