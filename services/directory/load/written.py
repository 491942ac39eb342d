"""YAML files: what stands in them, and on which line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from services.directory.load.refusal import LoadRefused, Problem

_STEP = re.compile(r"[^.\[\]]+")


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
