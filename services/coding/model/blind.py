"""The nouns of the blind mode: points, domains, and why something is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

COORDINATE_BYTES = 66


@dataclass(frozen=True, slots=True)
class Point:
    """A point of P-521 that was looked at: on the curve, and not the one at infinity."""

    x: bytes = field(repr=False)
    """66 bytes, most significant first, zeros in front of it too."""
    y: bytes = field(repr=False)


class Flaw(Enum):
    """Why a pseudonym is refused."""

    POINT = "is no point of P-521 with coordinates of 66 bytes"
    TRANSIT = "is no transit form of this domain"
    EXPIRED = "is not within its time"


@dataclass(frozen=True, slots=True)
class DomainKey:
    """A secret that the service and the owner of a domain share."""

    kid: str
    secret: bytes = field(repr=False)
    """32 bytes."""


@dataclass(frozen=True, slots=True)
class Domain:
    """An island of pseudonyms, with a scalar of its own (Dutch: pseudonimiseringsdomein)."""

    name: str
    audience: str
    scalar: int = field(repr=False)
    inverse: int = field(repr=False)
    """Of the scalar, modulo the order of the curve: made once, for an inversion takes its time."""
    keys: Mapping[str, DomainKey] = field(repr=False)
    """By their names; what is in transit may still come under an old one."""
    active: str
    """The key under which what is new goes out."""
    lives: timedelta = timedelta(minutes=10)
    """How long a form is good that is in transit."""


@dataclass(frozen=True, slots=True)
class Blinded:
    """A point that somebody else has multiplied, and what leads out of its transit form, if it
    comes in one."""

    x: bytes = field(repr=False)
    y: bytes = field(repr=False)
    transit: str | None = field(default=None, repr=False)
    """A compact JWE; nothing of an identifier, or of a pseudonym at rest."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A point that leaves, with what leads out of its transit form, if it leaves in one."""

    point: Point
    transit: str | None = field(default=None, repr=False)
