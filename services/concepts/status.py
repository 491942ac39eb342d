"""The business outcome of a question: a value, a code that refines it, and named facts.

The codes and their texts are data (data/status_codes.yaml). Source: official common schema, type
Status, and the bank's published code tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from services.concepts import written
from services.concepts.dated import load


class StatusValue(Enum):
    """How a question ended; numbered as in the contract's enum."""

    DATA_FOUND = 1
    NO_DATA_FOUND = 2
    INCOMPLETE_DATA = 3
    PARTIAL_RESULT = 4
    RESPONSE_IN_BATCH = 5
    NO_RESULT = 6
    TECHNICAL_ERROR = 7


@dataclass(frozen=True, slots=True)
class StatusCode:
    """A code of the list: `MSG00013` means this value, for this reason."""

    code: str
    value: StatusValue
    description: str


@dataclass(frozen=True, slots=True)
class Status:
    """An outcome with what is said beside it: pairs of a name and a text."""

    code: StatusCode
    information: tuple[tuple[str, str], ...] = field(default=())


class _Code(written.Part):
    code: written.Text
    value: Annotated[str, Field(pattern="^(" + "|".join(StatusValue.__members__) + ")$")]
    description: written.Text


class _Codes(written.Part):
    valid_from: written.Day
    reviewed_on: written.Day
    codes: Annotated[tuple[_Code, ...], written.SOME]


@cache
def status_codes() -> Mapping[str, StatusCode]:
    """The list of codes, read once; a malformed list stops the process that needs it."""
    listed = [
        StatusCode(one.code, StatusValue[one.value], one.description)
        for one in load("services.concepts", "data/status_codes.yaml", _Codes).codes
    ]
    codes = {code.code: code for code in listed}
    if len(codes) != len(listed):
        raise ValueError("status_codes.yaml lists a code twice")
    return MappingProxyType(codes)


def status(code: str, *information: tuple[str, str]) -> Status:
    """The outcome that a code of the list names."""
    return Status(status_codes()[code], information)
