"""What a story is made of."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from cbss.common.v1 import status_pb2

from sandbox.country import Country


@dataclass(frozen=True)
class Told:
    """What a step found: the outcome to compare, and what is worth reading about it."""

    outcome: str
    details: Sequence[str] = ()


@dataclass(frozen=True)
class Step:
    """One step: what happens, what must come of it, and how it is done."""

    title: str
    expected: str
    act: Callable[[Country], Awaitable[Told]]


def outcome_of(status: status_pb2.Status) -> str:
    """A status as it is compared."""
    value = status_pb2.StatusValue.Name(status.value).removeprefix("STATUS_VALUE_")
    return f"{value} {status.code}"
