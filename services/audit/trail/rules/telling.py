"""What a person is told of a record: what was done, and what came of it.

It follows from the stage, the verdict and the status together: that data were asked for is not that
they were given, and an act that was refused, or changed nothing, is no change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from services.audit.trail.model import Stage
from services.concepts.status import StatusValue
from services.concepts.trail import NOTHING_CHANGED


class Deed(Enum):
    """What somebody did with a person's data."""

    LOOK = "look"
    GROUP_LOOK = "group look"
    VERIFICATION = "verification"
    CHANGE = "change"
    ERROR_REPORT = "error report"
    REPORT_DECISION = "report decision"
    CORRECTION = "correction"
    DECISION = "decision"
    NOTICE = "notice"
    TRAIL_READING = "trail reading"
    REPORT_READING = "report reading"
    DECISION_READING = "decision reading"


class Result(Enum):
    """What came of it."""

    BEGUN = "begun"
    """Nothing says how it ended."""
    DONE = "done"
    NOTHING = "nothing"
    """Nothing was found."""
    UNCHANGED = "unchanged"
    FAILED = "failed"
    REFUSED = "refused"


_LOOKING = frozenset({Result.BEGUN, Result.DONE, Result.NOTHING, Result.FAILED, Result.REFUSED})
_ACTING = frozenset({Result.DONE, Result.UNCHANGED, Result.REFUSED})
_READING = frozenset({Result.DONE, Result.REFUSED})
RESULTS: Mapping[Deed, frozenset[Result]] = {
    Deed.LOOK: _LOOKING,
    Deed.GROUP_LOOK: _LOOKING,
    Deed.VERIFICATION: _LOOKING,
    Deed.CHANGE: _ACTING,
    Deed.ERROR_REPORT: _ACTING,
    Deed.REPORT_DECISION: _ACTING,
    Deed.CORRECTION: _ACTING,
    Deed.DECISION: _ACTING,
    Deed.NOTICE: frozenset({Result.DONE, Result.FAILED, Result.REFUSED}),
    Deed.TRAIL_READING: _READING,
    Deed.REPORT_READING: _READING,
    Deed.DECISION_READING: _READING,
}
"""What can come of each deed."""

_IDENTIFICATION = "cbss.identification.v1.IdentificationService"
_DIRECTORY = "cbss.directory.v1.DirectoryService"
_AUDIT = "cbss.audit.v1"
_NOTICES = "cbss.routing.v1.NoticeService"
_BATCHES = "cbss.routing.v1.BatchService"
_FILES = "cbss.routing.v1.BatchFileService"
_SUBMISSIONS = "cbss.routing.v1.SubmissionService"
_CODING = "cbss.coding.v1.CodingService"
DEEDS: Mapping[str, Deed] = {
    "cbss.routing.v1.RoutingService/Consult": Deed.LOOK,
    f"{_NOTICES}/Publish": Deed.CHANGE,
    f"{_NOTICES}/ListNotices": Deed.NOTICE,
    f"{_NOTICES}/WatchNotices": Deed.NOTICE,
    f"{_BATCHES}/SubmitBatch": Deed.LOOK,
    f"{_FILES}/SubmitBatchFile": Deed.LOOK,
    f"{_SUBMISSIONS}/SubmitMessage": Deed.CHANGE,
    f"{_SUBMISSIONS}/AnswerSubmission": Deed.CHANGE,
    f"{_SUBMISSIONS}/ListAnswers": Deed.LOOK,
    f"{_IDENTIFICATION}/SearchPersons": Deed.LOOK,
    f"{_IDENTIFICATION}/VerifyPerson": Deed.VERIFICATION,
    f"{_IDENTIFICATION}/CreateBisPerson": Deed.CHANGE,
    f"{_IDENTIFICATION}/UpdatePerson": Deed.CHANGE,
    f"{_IDENTIFICATION}/ReplaceSsin": Deed.CHANGE,
    f"{_IDENTIFICATION}/ListMyPersonData": Deed.LOOK,
    f"{_DIRECTORY}/RegisterPerson": Deed.CHANGE,
    f"{_DIRECTORY}/UnregisterPerson": Deed.CHANGE,
    f"{_DIRECTORY}/ListRegistrations": Deed.LOOK,
    f"{_DIRECTORY}/ListMyFiles": Deed.LOOK,
    "cbss.rights.v1.RightsService/ListMyRights": Deed.LOOK,
    "cbss.rights.v1.RightsService/WhatIf": Deed.LOOK,
    "cbss.buffer.v1.BufferService/ListMyFacts": Deed.LOOK,
    f"{_CODING}/GetTemporaryNumbers": Deed.LOOK,
    f"{_CODING}/StreamTemporaryNumbers": Deed.LOOK,
    "cbss.coding.v1.ReidentificationService/GetReidentifiedUnits": Deed.LOOK,
    f"{_AUDIT}.AuditService/ListMyConsultations": Deed.TRAIL_READING,
    f"{_AUDIT}.ErrorReportService/ReportError": Deed.ERROR_REPORT,
    f"{_AUDIT}.ErrorReportService/ListErrorReports": Deed.REPORT_READING,
    f"{_AUDIT}.ErrorReportService/ListOverdueErrorReports": Deed.REPORT_READING,
    f"{_AUDIT}.ErrorReportService/DecideErrorReport": Deed.REPORT_DECISION,
    f"{_AUDIT}.ErrorReportService/ListCorrectionNotices": Deed.REPORT_READING,
    f"{_AUDIT}.ErrorReportService/AcknowledgeCorrectionNotice": Deed.CORRECTION,
    f"{_AUDIT}.DecisionNoticeService/RecordDecision": Deed.DECISION,
    f"{_AUDIT}.DecisionNoticeService/ListMyDecisions": Deed.DECISION_READING,
}
"""What each public RPC does whose records may be about a person."""
NOBODYS = frozenset(
    {
        f"{_NOTICES}/AcknowledgeNotices",
        f"{_BATCHES}/GetBatch",
        f"{_BATCHES}/ListBatches",
        f"{_BATCHES}/ListBatchResults",
        f"{_BATCHES}/StreamBatchResults",
        f"{_BATCHES}/CancelBatch",
        f"{_FILES}/GetBatchFile",
        f"{_FILES}/StreamResultFile",
        "cbss.routing.v1.AttachService/Attach",
        f"{_IDENTIFICATION}/GetEnterprise",
        f"{_IDENTIFICATION}/RegisterEnterprise",
        f"{_CODING}/SubmitRows",
        f"{_CODING}/ListDeliveryRows",
        f"{_CODING}/AcknowledgeDelivery",
        "cbss.coding.v1.ProjectService/ListProjects",
        "cbss.coding.v1.ProjectService/GetProject",
        f"{_DIRECTORY}/ListDataContracts",
        f"{_DIRECTORY}/Subscribe",
        f"{_DIRECTORY}/Unsubscribe",
        f"{_DIRECTORY}/ListSubscriptions",
        "cbss.access.v1.DeliberationService/ListDeliberations",
        "cbss.access.v1.DeliberationService/GetDeliberation",
        f"{_AUDIT}.AuditService/ListOwnExchanges",
        f"{_AUDIT}.OversightService/ListAlerts",
        f"{_AUDIT}.OversightService/AcknowledgeAlert",
        f"{_AUDIT}.OversightService/GetMonthlyReport",
        "cbss.registry.v1.RegistryService/GetOwnEntry",
        "cbss.registry.v1.RegistryService/PrepareOwnAct",
    }
)
"""The other public RPCs: what is recorded of them is about no person."""

_USUAL = {
    Stage.INTENT: Deed.LOOK,
    Stage.OUTCOME: Deed.LOOK,
    Stage.REFUSAL: Deed.LOOK,
    Stage.READING: Deed.TRAIL_READING,
    Stage.ACT: Deed.CHANGE,
    Stage.PUSH: Deed.NOTICE,
    Stage.LINE: Deed.GROUP_LOOK,
}
_READINGS = frozenset({Deed.TRAIL_READING, Deed.REPORT_READING, Deed.DECISION_READING})
_ACTS = frozenset(deed for deed, results in RESULTS.items() if results == _ACTING)
_OF_STAGE = {
    Stage.INTENT: frozenset({Deed.LOOK, Deed.VERIFICATION}),
    Stage.OUTCOME: frozenset({Deed.LOOK, Deed.VERIFICATION}),
    Stage.REFUSAL: frozenset(Deed),
    Stage.READING: _READINGS,
    Stage.ACT: _ACTS,
    Stage.PUSH: frozenset({Deed.NOTICE}),
    Stage.LINE: _READINGS,
}
"""What can be recorded in a stage: who registers somebody is shown who may be the same, and that is
no change."""
_WITH_DATA = frozenset(
    {
        StatusValue.DATA_FOUND,
        StatusValue.INCOMPLETE_DATA,
        StatusValue.PARTIAL_RESULT,
        StatusValue.RESPONSE_IN_BATCH,
    }
)
_NOT_ASKED = "MSG00021"
"""How a source stands in older records that was not asked: it has not integrated the person."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A source in a record, and how it ended."""

    supplier: str
    status: StatusValue | None
    code: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a record says, as far as it decides what the person is told."""

    rpc: str
    stage: Stage
    is_permitted: bool
    reason: str
    status: StatusValue | None
    legs: tuple[Leg, ...] = ()


def deed_of(said: Said) -> Deed:
    """What was done."""
    deed = DEEDS.get(said.rpc)
    return deed if deed in _OF_STAGE[said.stage] else _USUAL[said.stage]


def result_of(said: Said) -> Result:
    """What came of it."""
    deed = deed_of(said)
    results = RESULTS[deed]
    if not said.is_permitted:
        return Result.REFUSED
    if said.stage is Stage.INTENT or (deed is Deed.GROUP_LOOK and said.status is None):
        return Result.BEGUN
    if said.reason == NOTHING_CHANGED and Result.UNCHANGED in results:
        return Result.UNCHANGED
    if said.status is StatusValue.NO_DATA_FOUND:
        # A notice tells of a change also when none of the data may go along.
        return Result.NOTHING if Result.NOTHING in results else Result.DONE
    if said.status is StatusValue.INCOMPLETE_DATA:
        ended_well = bool(gave(said))
    elif _is_given_up(said):
        ended_well = False
    else:
        ended_well = said.status is None or said.status in _WITH_DATA
    return Result.DONE if ended_well or Result.FAILED not in results else Result.FAILED


def gave(said: Said) -> tuple[str, ...]:
    """The sources whose data went out."""
    if not said.is_permitted:
        return ()
    # A notice answers nothing, and may say nothing of how it ended.
    untold = said.status is None and said.stage in (Stage.OUTCOME, Stage.PUSH)
    untold = untold and not _is_given_up(said)
    return tuple(
        one.supplier
        for one in said.legs
        if one.status in _WITH_DATA or (untold and one.status is None)
    )


def asked_in_vain(said: Said) -> tuple[str, ...]:
    """The sources that were asked, or were about to be, and of which no data went out."""
    if not said.is_permitted or said.stage not in (Stage.INTENT, Stage.OUTCOME, Stage.LINE):
        return ()
    given = gave(said)
    return tuple(
        one.supplier
        for one in said.legs
        if one.supplier not in given
        and one.code != _NOT_ASKED
        and (said.stage is Stage.INTENT or _is_given_up(said) or one.status is not None)
    )


def _is_given_up(said: Said) -> bool:
    return said.stage is Stage.OUTCOME and said.status is None and bool(said.reason)
