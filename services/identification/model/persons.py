"""The nouns of the registers: who bears a number, and what is known of the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from services.concepts.card_number import CardNumber
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.sex import Sex
from services.concepts.ssin import Ssin

Content = Mapping[str, Any]
"""What a group holds, in the names of the contract's message: texts, numbers and lists of them."""


class Proof(Enum):
    """On what a datum rests; a lower level never overwrites a higher one."""

    DECLARED = 1
    FOREIGN_DOCUMENT = 2
    AUTHENTIC_DOCUMENT = 3
    REGISTER = 4


class Origin(Enum):
    """Which register a datum comes from."""

    RN_RR = 1
    BCSS_KSZ = 2


class Register(Enum):
    """Which register keeps a person."""

    RRN = 1
    BIS = 2
    RAD = 3

    @property
    def origin(self) -> Origin:
        """Where the data that this register keeps come from."""
        return Origin.RN_RR if self is Register.RRN else Origin.BCSS_KSZ


class Group(Enum):
    """The groups of legal person data, each with a history; numbered as in the contract."""

    NAME = 1
    BIRTH = 2
    DECEASE = 3
    SEX = 4
    CIVIL_STATE = 5
    NATIONALITY = 6
    ADDRESS = 7
    CONTACT_ADDRESS = 8
    REGISTER = 9


@dataclass(frozen=True, slots=True)
class Identity:
    """Who bears a number, as far as persons are searched and recognised by it."""

    ssin: Ssin
    last_name: str
    first_names: tuple[str, ...]
    birth: IncompleteDate
    sex: Sex | None
    register: Register
    proof: Proof = Proof.REGISTER


@dataclass(frozen=True, slots=True)
class Given:
    """A group as somebody gives it: so from a day on, as far as the day is known."""

    group: Group
    content: Content
    valid_from: IncompleteDate | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A group as it was for some time, as it was known for some time.

    True from `valid_from` up to the day before `valid_until`; known so since `known_from`, and as
    long as it is the last word `known_until` is absent.
    """

    given: Given
    origin: Origin
    proof: Proof
    known_from: datetime
    valid_until: IncompleteDate | None = None
    known_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class IdentityProof:
    """What is shown of an identity: a card, personal data, or both."""

    ssin: Ssin
    card_number: CardNumber | None
    last_name: str
    first_name: str
    birth: IncompleteDate | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of a person that proofs are compared with."""

    identity: Identity | None
    cards: Mapping[CardNumber, date | None]
    """The person's cards, each with the last day it is valid if that is known."""
