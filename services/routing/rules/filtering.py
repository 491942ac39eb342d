"""Cutting an answer to what the deliberation grants, and saying what was cut.

Paths are field names joined by dots from the root of the result message; a path covers all below
it, and repeated fields are one path for all their elements. Source: official common schema, type
DataFilters; the proportionality of a deliberation's data blocks.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from services.routing.model import Message

EVERYTHING = "*"
Tree = Mapping[str, "Tree"]
"""Granted names, each with what is granted below it; nothing below means all of it."""


@lru_cache(maxsize=4096)
def tree(paths: tuple[str, ...]) -> Tree | None:
    """The paths as a tree; nothing when everything is granted."""
    if EVERYTHING in paths:
        return None
    root: dict[str, dict[str, object]] = {}
    # A shorter path covers a longer one, so it must come first and stay a leaf.
    for path in sorted(paths, key=lambda path: path.count(".")):
        _plant(root, path.split("."))
    return root  # type: ignore[return-value]


def _plant(node: dict[str, dict[str, object]], names: Iterable[str]) -> None:
    names = list(names)
    for depth, name in enumerate(names):
        if name in node and not node[name]:
            return
        last = depth == len(names) - 1
        node = node.setdefault(name, {})  # type: ignore[assignment]
        if last:
            node.clear()


def cut(message: Message, granted: Tree | None) -> frozenset[str]:
    """Remove from the message what is not granted; the paths of what was there and went."""
    if granted is None:
        return frozenset()
    gone: set[str] = set()
    _cut(message, granted, "", gone)
    return frozenset(gone)


def _cut(message: Message, granted: Tree, prefix: str, gone: set[str]) -> None:
    for field, value in message.ListFields():
        below = granted.get(field.name)
        if below is None:
            message.ClearField(field.name)
            gone.add(prefix + field.name)
        elif below:
            for part in value if field.is_repeated else (value,):
                _cut(part, below, f"{prefix}{field.name}.", gone)
