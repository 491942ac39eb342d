"""The nouns of registering: what is made of a person, and what comes of a change."""

from dataclasses import dataclass
from enum import Enum

from services.concepts.incomplete_date import IncompleteDate
from services.identification.model.persons import Group, Identity, Version


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is found: folded, with its keys."""

    folded: str
    keys: frozenset[int]


@dataclass(frozen=True, slots=True)
class Home:
    """Where a person lives, as searches by address find it."""

    country_code: int
    postal_code: str
    street: Name
    house_number: str
    box: str


@dataclass(frozen=True, slots=True)
class Found:
    """A person as searches find it. `home` is absent when unknown or not to be disclosed."""

    identity: Identity
    last_name: Name
    first_name: Name | None
    home: Home | None
    deceased_on: IncompleteDate | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """A person who gets a number, and what is known of the person from now on."""

    found: Found
    versions: tuple[Version, ...]


class Acceptance(Enum):
    """What comes of a group; numbered as in the contract."""

    ACCEPTED = 1
    REFUSED = 2
    UNCHANGED = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What comes of one group: which versions are closed, and which are known from now on."""

    group: Group
    acceptance: Acceptance
    because: str = ""
    closed: tuple[Version, ...] = ()
    opened: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What comes of all groups of a person, and the person as searches find it afterwards."""

    changes: tuple[Change, ...]
    found: Found
