"""The nouns of corrections: reports of suspected errors, and notices of what was corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from services.audit.trail.model import HiddenSubject, Page
from services.audit.trail.model.deliveries import Datum
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin


class ReportState(Enum):
    """How far a report has come; numbered as in the contract."""

    OPEN = 1
    ACCEPTED = 2
    REFUSED = 3
    CORRECTED = 4


class Claim(Enum):
    """In what way a datum is wrong; numbered as in the contract.

    There is no text: it would say what the datum is, and that is content.
    """

    INCORRECT = 1
    OUTDATED = 2
    INCOMPLETE = 3
    OTHER_PERSON = 4


class RefusalGround(Enum):
    """Why a source does not correct; numbered as in the contract."""

    DATUM_RIGHT = 1
    DATUM_NOT_HELD = 2
    EVIDENCE_LACKING = 3


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A report as it is handed over."""

    report_id: UUID
    person: Ssin | None
    """Nothing if the person himself reports."""
    datum: Datum
    claim: Claim
    evidence_reference: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What the source makes of a report."""

    state: ReportState
    ground: RefusalGround | None = None


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it is put into the store, the person hidden under its identification."""

    report_id: UUID
    subject: HiddenSubject
    datum: Datum
    reporter: EnterpriseNumber | None
    """Nothing if the person did."""
    claim: Claim
    evidence_reference: str
    legal_context: str
    """Under which an organization got the datum; empty if the person reported."""
    due_date: date


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is kept, with its place in the order of reporting."""

    sequence: int
    told: NewReport
    decided: Decided
    reported_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a recipient is told of a correction, with its place in the order of correction."""

    sequence: int
    report_id: UUID
    subject: HiddenSubject
    datum: Datum
    legal_context: str
    """Under which the recipient got the datum."""
    corrected_at: datetime
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A report as a reader sees it; nobody in it where the reader does not need the person."""

    report: Report
    person: Ssin | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as its recipient reads it."""

    notice: Notice
    person: Ssin


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page of reports, and where the next one begins."""

    seen: Sequence[Seen]
    after: int | None


@dataclass(frozen=True, slots=True)
class ToldPage:
    """A page of notices, and where the next one begins."""

    told: Sequence[Told]
    after: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a list is asked, and whether only what still waits."""

    waiting_only: bool
    page: Page
