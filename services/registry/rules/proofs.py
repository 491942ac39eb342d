"""Whether what is in force is what the acts make it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from services.concepts.reference import Reference
from services.registry.model import Act
from services.registry.rules.changes import replay_change
from services.registry.rules.contracts import Lists

K = TypeVar("K")
V = TypeVar("V")
WHOLE = "snapshot"
"""What is told if versions are missing or there are too many."""


def differing(held: Reference, acts: Iterable[Act], lists: Lists) -> list[str]:
    """The organizations and contracts that are not as the acts in force make them."""
    made, is_whole = Reference(0, b""), True
    for act in sorted((one for one in acts if one.version), key=lambda one: one.version):
        is_whole &= act.version == made.version + 1
        made = replay_change(act.changes, made, lists)
    organizations = _unequal(held.organizations, made.organizations)
    contracts = _unequal(held.contracts, made.contracts)
    found = [*(one.digits for one in organizations), *map(str, contracts)]
    is_whole &= held.version == made.version
    return sorted(found) + ([] if is_whole else [WHOLE])


def _unequal(held: Mapping[K, V], made: Mapping[K, V]) -> Iterator[K]:
    yield from (one for one in held.keys() | made.keys() if held.get(one) != made.get(one))
