"""Records of the trail as oversight sees them: persons numbered for one run only."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from secrets import token_bytes

from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.audit.v1 import kept_record_pb2 as kept_pb

from services.audit.oversight.model import Kind, Step
from services.audit.trail.model import Kept, Stage
from services.audit.trail.month_names import MONTH_BITS
from services.audit.trail.subjects import MonthKey
from services.concepts.incomplete_date import IncompleteDate
from services.kit.clock import belgian_time

KINDS = {
    "cbss.routing.v1.RoutingService/Consult": Kind.LOOK,
    "cbss.routing.v1.NoticeService/Publish": Kind.OTHER,
    "cbss.routing.v1.NoticeService/ListNotices": Kind.OTHER,
    "cbss.routing.v1.NoticeService/WatchNotices": Kind.OTHER,
    "cbss.routing.v1.NoticeService/AcknowledgeNotices": Kind.OTHER,
    "cbss.routing.v1.BatchService/SubmitBatch": Kind.LOOK,
    "cbss.routing.v1.BatchService/GetBatch": Kind.OTHER,
    "cbss.routing.v1.BatchService/ListBatches": Kind.OTHER,
    "cbss.routing.v1.BatchService/ListBatchResults": Kind.OTHER,
    "cbss.routing.v1.BatchService/StreamBatchResults": Kind.OTHER,
    "cbss.routing.v1.BatchService/CancelBatch": Kind.OTHER,
    "cbss.routing.v1.BatchFileService/SubmitBatchFile": Kind.LOOK,
    "cbss.routing.v1.BatchFileService/GetBatchFile": Kind.OTHER,
    "cbss.routing.v1.BatchFileService/StreamResultFile": Kind.OTHER,
    "cbss.routing.v1.SubmissionService/SubmitMessage": Kind.OTHER,
    "cbss.routing.v1.SubmissionService/AnswerSubmission": Kind.OTHER,
    "cbss.routing.v1.SubmissionService/ListAnswers": Kind.OTHER,
    "cbss.routing.v1.AttachService/Attach": Kind.OTHER,
    "cbss.identification.v1.IdentificationService/VerifyPerson": Kind.LOOK,
    "cbss.identification.v1.IdentificationService/SearchPersons": Kind.SEARCH,
    "cbss.identification.v1.IdentificationService/CreateBisPerson": Kind.OTHER,
    "cbss.identification.v1.IdentificationService/UpdatePerson": Kind.OTHER,
    "cbss.identification.v1.IdentificationService/ReplaceSsin": Kind.OTHER,
    "cbss.identification.v1.IdentificationService/GetEnterprise": Kind.OTHER,
    "cbss.identification.v1.IdentificationService/RegisterEnterprise": Kind.OTHER,
    "cbss.identification.v1.IdentificationService/ListMyPersonData": Kind.OTHER,
    "cbss.directory.v1.DirectoryService/RegisterPerson": Kind.REGISTER,
    "cbss.directory.v1.DirectoryService/UnregisterPerson": Kind.UNREGISTER,
    "cbss.directory.v1.DirectoryService/ListRegistrations": Kind.OTHER,
    "cbss.directory.v1.DirectoryService/ListDataContracts": Kind.OTHER,
    "cbss.directory.v1.DirectoryService/Subscribe": Kind.OTHER,
    "cbss.directory.v1.DirectoryService/Unsubscribe": Kind.OTHER,
    "cbss.directory.v1.DirectoryService/ListSubscriptions": Kind.OTHER,
    "cbss.directory.v1.DirectoryService/ListMyFiles": Kind.OTHER,
    "cbss.access.v1.DeliberationService/ListDeliberations": Kind.OTHER,
    "cbss.access.v1.DeliberationService/GetDeliberation": Kind.OTHER,
    "cbss.rights.v1.RightsService/ListMyRights": Kind.OTHER,
    "cbss.rights.v1.RightsService/WhatIf": Kind.OTHER,
    "cbss.buffer.v1.BufferService/ListMyFacts": Kind.OTHER,
    "cbss.coding.v1.CodingService/GetTemporaryNumbers": Kind.OTHER,
    "cbss.coding.v1.CodingService/StreamTemporaryNumbers": Kind.OTHER,
    "cbss.coding.v1.CodingService/SubmitRows": Kind.OTHER,
    "cbss.coding.v1.CodingService/ListDeliveryRows": Kind.OTHER,
    "cbss.coding.v1.CodingService/AcknowledgeDelivery": Kind.OTHER,
    "cbss.coding.v1.ProjectService/ListProjects": Kind.OTHER,
    "cbss.coding.v1.ProjectService/GetProject": Kind.OTHER,
    "cbss.coding.v1.ReidentificationService/GetReidentifiedUnits": Kind.OTHER,
    "cbss.audit.v1.AuditService/ListMyConsultations": Kind.OTHER,
    "cbss.audit.v1.AuditService/ListOwnExchanges": Kind.OTHER,
    "cbss.audit.v1.ErrorReportService/ReportError": Kind.OTHER,
    "cbss.audit.v1.ErrorReportService/ListErrorReports": Kind.OTHER,
    "cbss.audit.v1.ErrorReportService/DecideErrorReport": Kind.OTHER,
    "cbss.audit.v1.ErrorReportService/ListCorrectionNotices": Kind.OTHER,
    "cbss.audit.v1.ErrorReportService/AcknowledgeCorrectionNotice": Kind.OTHER,
    "cbss.audit.v1.DecisionNoticeService/RecordDecision": Kind.OTHER,
    "cbss.audit.v1.DecisionNoticeService/ListMyDecisions": Kind.OTHER,
    "cbss.audit.v1.OversightService/ListAlerts": Kind.OTHER,
    "cbss.audit.v1.OversightService/AcknowledgeAlert": Kind.OTHER,
    "cbss.audit.v1.OversightService/GetMonthlyReport": Kind.OTHER,
    "cbss.registry.v1.RegistryService/GetOwnEntry": Kind.OTHER,
    "cbss.registry.v1.RegistryService/PrepareOwnAct": Kind.OTHER,
}
"""What each public RPC is to oversight, all of them (`tests/architecture/test_public.py`). What is
not public is what the mesh does itself: OTHER."""
_SEEN = frozenset({Stage.OUTCOME, Stage.REFUSAL, Stage.ACT, Stage.LINE})
"""How it ended counts, once; that it began does not, nor what the mesh itself tells or reads."""
_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class _Common:
    """What oversight needs of a ground."""

    stage: Stage
    kind: Kind
    organization: str
    legal_context: str
    is_permitted: bool
    reason: str


class Steps:
    """Reads records. The key of a month finds a person in that month only, so that persons are
    numbered anew: with a secret that nobody has once the run is over."""

    def __init__(self, months: Sequence[MonthKey]) -> None:
        self._months: Mapping[int, MonthKey] = {one.month: one for one in months}
        self._secret = token_bytes(32)

    def of(self, kept: Sequence[Kept]) -> list[Step]:
        """The steps among some records, in their order."""
        return [step for one in kept if (step := self._step(one)) is not None]

    def _step(self, kept: Kept) -> Step | None:
        common = _common(kept.ground)
        if common.stage not in _SEEN:
            return None
        alone = kept_pb.KeptInstance.FromString(kept.content)
        at = belgian_time(datetime.fromtimestamp(alone.occurred_at_nanoseconds / _SECOND, UTC))
        month = self._months.get(kept.sequence >> MONTH_BITS)
        subject, user = None, ""
        if month is not None and alone.subject:
            subject = month.reveal(alone.subject, kept.record_id)
        if month is not None and alone.user:
            user = month.reveal_user(alone.user, kept.record_id)
        return Step(
            at,
            common.kind,
            kept.ticket,
            common.organization,
            None if subject is None else self._person(subject.digits),
            self._official(user),
            common.legal_context,
            common.is_permitted,
            common.reason,
            alone.subjects_count,
            common.stage is Stage.LINE,
            bool(user) and not user.isdigit(),
            None if subject is None else age(subject.birth, at.date()),
        )

    def _official(self, user: str) -> int | None:
        if not user:
            return None
        return self._person(user) if user.isdigit() else self._numbered(b"program" + user.encode())

    def _person(self, digits: str) -> int:
        return self._numbered(b"person" + digits.encode())

    def _numbered(self, who: bytes) -> int:
        return int.from_bytes(hmac.digest(self._secret, who, hashlib.sha256)[:8], "big")


def age(birth: IncompleteDate, day: date) -> int:
    """The full years of somebody on a day; of an incomplete date, the most that they can be."""
    had = (birth.month or 1, birth.day or 1) <= (day.month, day.day)
    return day.year - birth.year - (not had)


@lru_cache(maxsize=100_000)
def _common(ground: bytes) -> _Common:
    record = record_pb.ExchangeRecord.FromString(ground)
    return _Common(
        Stage(record.stage),
        KINDS.get(record.rpc, Kind.OTHER),
        record.customer_cbe_number or record.caller_cbe_number,
        record.legal_context,
        record.verdict == record_pb.VERDICT_PERMIT,
        record.reason,
    )
