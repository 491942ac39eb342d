"""What the trail needs of the world around it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from services.audit.model import (
    HiddenPerson,
    HiddenReplacement,
    HiddenSubject,
    Kept,
    Row,
    Search,
    Signed,
    SubjectKey,
)
from services.audit.model.alerts import Finding, KeptAlert, NewAlert
from services.audit.model.decisions import KeptDecision, NewDecision, Sealed
from services.audit.model.reports import Decided, NewReport, Notice, Report
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin


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


class Reports(Protocol):
    """Reports of suspected errors, and notices of what was corrected."""

    async def add(self, told: NewReport) -> Report:
        """Make a report durable; what is kept under its identification."""

    async def find(self, report_id: UUID) -> Report | None:
        """A report, if there is one."""

    async def of_organization(
        self, organization: EnterpriseNumber, due_before: date | None, after: int, most: int
    ) -> Sequence[Report]:
        """The reports that an organization has to decide on or made."""

    async def of_subject(
        self, keys: Sequence[bytes], due_before: date | None, after: int, most: int
    ) -> Sequence[Report]:
        """The reports about a person."""

    async def overdue(self, due_before: date, after: int, most: int) -> Sequence[Report]:
        """The reports that were due before a day and have no end."""

    async def decide(
        self, report: Report, decided: Decided, recipients: Mapping[str, str]
    ) -> Report | None:
        """Decide on a report as it was found, and leave the recipients a notice, each with the
        purpose it got the datum for; what is kept then, or nothing if it was not so any more."""

    async def notices_of(
        self, recipient: EnterpriseNumber, waiting_only: bool, after: int, most: int
    ) -> Sequence[Notice]:
        """The notices for an organization."""

    async def find_notice(self, recipient: EnterpriseNumber, report_id: UUID) -> Notice | None:
        """A notice for an organization, if there is one."""

    async def acknowledge(self, recipient: EnterpriseNumber, report_id: UUID) -> None:
        """Note that an organization has a notice; the first time counts."""


class Decisions(Protocol):
    """Decisions that persons are told of."""

    async def add(self, told: NewDecision) -> KeptDecision:
        """Make a decision durable; what is kept under its identification."""

    async def find(self, decision_id: UUID) -> KeptDecision | None:
        """A decision, if there is one."""

    async def of_subject(
        self, keys: Sequence[bytes], after: int, most: int
    ) -> Sequence[KeptDecision]:
        """The decisions about a person, in the order of recording."""


class Contracts(Protocol):
    """The data contracts, and the fields of their results."""

    def knows(self, data_contract: str) -> bool:
        """Whether there is such a contract, in whatever version."""

    def has(self, data_contract: str, field_path: str) -> bool:
        """Whether the contract's result has a field there, however deep."""


class Alerts(Protocol):
    """Alerts of possible misuse, and their answers."""

    async def add(self, told: Sequence[NewAlert]) -> None:
        """Make alerts durable; what is there stays as it is."""

    async def find(self, organization: EnterpriseNumber, alert_id: UUID) -> KeptAlert | None:
        """An alert of an institution, if there is one."""

    async def of_organization(
        self, organization: EnterpriseNumber, unanswered_only: bool, after: int, most: int
    ) -> Sequence[KeptAlert]:
        """The alerts for an institution, in the order of telling."""

    async def unanswered(self, due_before: date, after: int, most: int) -> Sequence[KeptAlert]:
        """The alerts that were due before a day and have no answer."""

    async def answered(self, after: int, most: int) -> Sequence[KeptAlert]:
        """The alerts that were answered, in the order of their last answers."""

    async def acknowledge(
        self, organization: EnterpriseNumber, alert_id: UUID, finding: Finding
    ) -> None:
        """Note what the officer of an institution found."""


class MonthlyReports(Protocol):
    """How institutions used the network, by the month."""

    async def find(self, organization: EnterpriseNumber, month: int) -> bytes | None:
        """What was counted of an institution in a month."""


class Month(Protocol):
    """How persons are hidden in the records of one month."""

    @property
    def month(self) -> int:
        """Its number."""

    def hide(self, subject: Ssin, record_id: UUID) -> HiddenPerson:
        """The person as one record holds it."""

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


class Log(Protocol):
    """The log as it is signed."""

    async def signed(self) -> Signed:
        """What the log vouches for now, or LogUnsigned."""

    async def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        """The proof that the leaf at an index is in the log of a size."""

    async def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The proof that the log of one size begins with that of another."""


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
