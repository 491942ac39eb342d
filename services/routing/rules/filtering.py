"""Cutting an answer to what the deliberation grants, and saying what was cut.

Paths are field names joined by dots from the root of the result message; a path covers all below
it, and repeated fields are one path for all their elements. Source: official common schema, type
DataFilters; the proportionality of a deliberation's data blocks.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from google.protobuf.descriptor import Descriptor

from services.routing.model.messages import Hiding, Message, Types
from services.routing.rules.declared import values_of

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


def cut(message: Message, granted: Tree | None) -> bool:
    """Remove from the message what is not granted; whether anything went."""
    if granted is None:
        return False
    went = False
    for field, value in message.ListFields():
        below = granted.get(field.name)
        if below is None:
            message.ClearField(field.name)
            went = True
        elif below:
            for part in value if field.is_repeated else (value,):
                went |= cut(part, below)
    return went


def denied_paths(described: Descriptor, granted: Tree | None) -> frozenset[str]:
    """The paths of what is not granted, whether the source sent any of it or not.

    What was there and went is not told: it would tell that there is an income, a card or a second
    address (proportionality; General Data Protection Regulation, article 5).
    """
    return frozenset() if granted is None else frozenset(_denied(described, granted, ""))


def _denied(described: Descriptor, granted: Tree, prefix: str) -> Iterator[str]:
    for field in described.fields:
        below = granted.get(field.name)
        if below is None:
            yield prefix + field.name
        elif below and field.message_type is not None:
            yield from _denied(field.message_type, below, f"{prefix}{field.name}.")


def covered_paths(paths: Iterable[str], granted: Tree | None) -> tuple[str, ...]:
    """Those of some paths that lie at or below what is granted, sorted.

    Of what a source has beside a contract, even the name could tell what is not granted.
    """
    found = set(paths)
    return tuple(sorted(path for path in found if granted is None or _covers(granted, path)))


def _covers(granted: Tree, path: str) -> bool:
    node: Tree = granted
    for name in path.split("."):
        below = node.get(name)
        if below is None:
            return False
        if not below:
            return True
        node = below
    return False


UNDISCLOSABLE = "undisclosable"
"""The field by which a message says that it must not be disclosed (information type 252)."""


def types_of(kinds: Mapping[str, type[Message]]) -> Types:
    """Messages by full type name, with what may hide in each."""
    hiding: dict[str, frozenset[str]] = {}
    for kind in kinds.values():
        _find_hiding(kind.DESCRIPTOR, hiding)

    @lru_cache(maxsize=1024)
    def denied(type_name: str, granted: tuple[str, ...]) -> frozenset[str]:
        return denied_paths(kinds[type_name].DESCRIPTOR, tree(granted))

    return Types(kinds, hiding, values_of(kinds), denied)


def hide(message: Message, hiding: Hiding) -> bool:
    """Remove every part that must not be disclosed; whether anything went.

    Overrides what a deliberation grants, unless it says so, and is not told: who hides from
    somebody must not be found through a field list, nor through a list of what was cut (National
    Register, information type 252).
    """
    went = False
    suspect = hiding[message.DESCRIPTOR.full_name]
    for field, value in message.ListFields() if suspect else ():
        if field.name not in suspect:
            continue
        if field.is_repeated:
            kept = [part for part in value if not getattr(part, UNDISCLOSABLE, False)]
            if len(kept) < len(value):
                went = True
                copies = [_copied(part) for part in kept]
                message.ClearField(field.name)
                getattr(message, field.name).extend(copies)
            for part in getattr(message, field.name):
                went |= hide(part, hiding)
        elif getattr(value, UNDISCLOSABLE, False):
            message.ClearField(field.name)
            went = True
        else:
            went |= hide(value, hiding)
    return went


def _copied(message: Message) -> Message:
    copy = type(message)()
    copy.CopyFrom(message)
    return copy


def _find_hiding(described: Descriptor, found: dict[str, frozenset[str]]) -> None:
    """For a message and all below it: the fields below which something may say that it must not
    be disclosed."""
    if described.full_name in found:
        return
    below = {
        field.name: field.message_type
        for field in described.fields
        if field.message_type is not None
    }
    found[described.full_name] = frozenset(
        name for name, kind in below.items() if _says(kind, set())
    )
    for kind in below.values():
        _find_hiding(kind, found)


def _says(described: Descriptor, seen: set[str]) -> bool:
    if described.full_name in seen:
        return False
    seen.add(described.full_name)
    return UNDISCLOSABLE in described.fields_by_name or any(
        field.message_type is not None and _says(field.message_type, seen)
        for field in described.fields
    )
