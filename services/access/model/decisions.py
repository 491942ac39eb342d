"""The question whether an exchange is covered, and the decision."""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from services.access.model.acts import Frequency, Mode
from services.concepts.criteria import CriterionLimit
from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period


@dataclass(frozen=True, slots=True)
class Question:
    """An exchange to decide about. It names no person."""

    customer: EnterpriseNumber
    place: SectorInstitution | None
    legal_context: LegalContext
    contract: ContractName
    period: Period
    mode: Mode
    day: date | None = field(default=None, compare=False)
    """The day of asking, as it was set at the edge of the mesh; absent means today."""


class Reason(IntEnum):
    """Why an exchange is not covered, in the order in which the rules are tried; numbered as in
    the contract."""

    LEGAL_CONTEXT_UNKNOWN = 1
    NOT_IN_FORCE = 2
    RECIPIENT_NOT_COVERED = 3
    DATA_NOT_COVERED = 4
    MODE_NOT_COVERED = 5
    NOT_ACCEDED = 6
    PERIOD_NOT_COVERED = 7
    CRITERIA_NOT_COVERED = 8
    """Never decided by access, which does not see them: who hands over a grant's data checks."""


@dataclass(frozen=True, slots=True)
class ActVersion:
    """Names one version of an act."""

    number: str
    version: int


@dataclass(frozen=True, slots=True)
class Granted:
    """The exchange is covered, under these obligations."""

    act: ActVersion
    fields: tuple[str, ...]
    # Two grants of one act differ in their fields; hashing the rest would only cost time.
    quality_codes: tuple[str, ...] = field(hash=False)
    senders: tuple[SectorInstitution, ...] = field(hash=False)
    retention_days: int = field(hash=False)
    hourly_quota: int = field(hash=False)
    expected_hourly_volume: int = field(default=0, hash=False)
    undisclosable_addresses: bool = field(default=False, hash=False)
    household: bool = field(default=False, hash=False)
    frequency: Frequency = field(default=Frequency.CONTINUOUS, hash=False)
    notify_subject: bool = field(default=False, hash=False)
    criteria: tuple[CriterionLimit, ...] = field(default=(), hash=False)
    """What the criteria of the question must keep to."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The exchange is not covered. `nearest` is for the audit trail only."""

    because: Reason
    nearest: ActVersion | None


Decision = Granted | Refused


@dataclass(frozen=True, slots=True)
class Logged:
    """A decision as the trail has it: the question, its day, the set, and what was decided."""

    question: Question
    day: date
    snapshot_version: str
    act: ActVersion | None
    reason: Reason | None
    """Absent if it was granted."""


class Outcome(IntEnum):
    """What a replay finds; numbered as in the contract."""

    SAME = 1
    DIFFERENT = 2
    SET_UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Replayed:
    """The outcome of a replay, and the decision of now if there could be one."""

    outcome: Outcome
    decision: Decision | None
