"""What the trail needs of the world around it."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from services.audit.trail.model import (
    HiddenPerson,
    HiddenReplacement,
    HiddenSubject,
    Inclusion,
    Kept,
    Row,
    Sealed,
    Search,
    SubjectKey,
)
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin
from services.concepts.subject import CbeNumber


class Records(Protocol):
    """What is kept, for ever."""

    async def add(self, month: int, rows: Sequence[Row]) -> None:
        """Make the records durable in one transaction, those that are there already left as is;
        MonthOver if another month is open."""

    async def of_ticket(self, ticket: UUID, after: int, most: int) -> Sequence[Kept]:
        """The records of an exchange, in the order of recording."""

    async def of_subject(self, keys: Sequence[SubjectKey], after: int, most: int) -> Sequence[Kept]:
        """The records about a person, in the order of recording."""

    async def of_search(self, search: Search, after: int, most: int) -> Sequence[Kept]:
        """The records of a customer or under a purpose, in the order of recording."""


class Replacements(Protocol):
    """Numbers that were replaced."""

    async def add_replacement(self, replacement: HiddenReplacement) -> HiddenReplacement:
        """Make a replacement durable; what is kept of its event."""

    async def replacements_of(
        self, keys: Sequence[bytes], most: int
    ) -> Sequence[HiddenReplacement]:
        """The replacements that a number with one of these keys had a part in."""


class Month(Protocol):
    """How persons are hidden in the records of one month."""

    @property
    def month(self) -> int:
        """Its number."""

    def hide(self, subject: Ssin, record_id: UUID) -> HiddenPerson:
        """The person as one record holds it."""

    def hide_enterprise(self, number: CbeNumber, record_id: UUID) -> bytes: ...

    def hide_user(self, user: str, record_id: UUID) -> HiddenPerson:
        """An official or a program as one record holds it."""

    def key_of(self, subject: Ssin) -> int:
        """What the person's records of the month are found by."""


class Months(Protocol):
    """The months of recording."""

    async def current(self) -> Month:
        """The month that is open."""

    async def renew(self) -> None:
        """Look again which month is open."""

    async def all(self) -> Sequence[Month]:
        """Every month that is not forgotten."""


class Subjects(Protocol):
    """How numbers are hidden outside the log."""

    def hide(self, subject: Ssin, record_id: UUID) -> HiddenSubject:
        """The number as one event holds it."""

    def keys_of(self, subject: Ssin) -> Sequence[bytes]:
        """What the number is found by."""

    def reveal(self, hidden: HiddenSubject, record_id: UUID) -> Ssin:
        """The number that is hidden under an identification."""

    def seal(self, content: bytes, record_id: UUID) -> Sealed:
        """What is said about a person, under an identification."""

    def open(self, sealed: Sealed, record_id: UUID) -> bytes:
        """What is sealed under an identification."""


class Places(Protocol):
    """Where records are in the log."""

    async def indexes(self, sequences: Sequence[int]) -> Mapping[int, int]:
        """The index of each place in the order of recording that has one."""

    async def leaf(self, record_id: UUID) -> tuple[int, bytes] | None:
        """The place of a record in the order of recording, and its leaf."""


class Organizations(Protocol):
    """The organizations that were admitted."""

    async def keys_of(self, organization: EnterpriseNumber) -> frozenset[str]:
        """The keys of an organization's programs; none if it was not admitted."""

    async def officers_of(self, organization: EnterpriseNumber) -> frozenset[str]:
        """The keys of an organization's officers; none if it named none."""

    async def web_names_of(self, organization: EnterpriseNumber) -> frozenset[str]:
        """The names under which an organization is on the web, as it registered them."""

    async def names_of(self, numbers: Sequence[str]) -> Mapping[str, str]:
        """The names of organizations, by their numbers, of those that were admitted."""


class Proofs(Protocol):
    """What proves that a record is in the log."""

    async def proof_of(self, record_id: UUID) -> Inclusion:
        """The proof, or LogUnsigned or RecordNotMerged while there is none."""
