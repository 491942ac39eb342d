"""The messages of data contracts, and what their descriptors say of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Message = Any
"""A message of a data contract: an open set, known by its descriptor alone."""


Hiding = Mapping[str, frozenset[str]]
"""For each message type, the fields below which something may be that must not be disclosed."""


class EnumField(NamedTuple):
    """A field that is an enum, or below which there are some."""

    name: str
    numbers: frozenset[int] | None
    """Those that the enum declares; nothing of a message."""
    is_repeated: bool


Values = Mapping[str, tuple[EnumField, ...]]
"""For each message type, its fields that are enums, or below which there are some."""


@dataclass(frozen=True, slots=True)
class Types:
    """The messages of a contract: makes them by full type name, and knows where they may hide."""

    kinds: Mapping[str, type[Message]]
    hiding: Hiding
    values: Values
    denied: Callable[[str, tuple[str, ...]], frozenset[str]] = field(compare=False, repr=False)
    """Of a message, the paths that are not below those that are granted."""
