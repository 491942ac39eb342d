"""Questions and decisions between the contract's messages and the model."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import cast

from cbss.access.v1 import access_service_pb2 as pb
from cbss.common.v1 import organization_pb2
from google.type import date_pb2

from services.access.model import Decided, Decision, Granted, Mode, Question, Refused
from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import FieldViolation, InvalidArgument
from services.concepts.legal_context import parse_legal_context
from services.concepts.organization import SectorInstitution, parse_sector_institution
from services.concepts.period import Period

MOST_QUESTIONS = 1000
_REMEMBERED = 16_384
"""How many questions, and how many decisions, are kept in both forms: some ten megabytes."""


def questions(request: pb.CheckAccessRequest) -> list[Question]:
    """The questions of a request; fails naming every field that is wrong."""
    if not 1 <= len(request.questions) <= MOST_QUESTIONS:
        violation = FieldViolation("questions", f"must be 1 to {MOST_QUESTIONS}")
        raise InvalidArgument(violations=[violation])
    try:
        # The same questions come all day long; their bytes tell them apart.
        return [_question(asked.SerializeToString()) for asked in request.questions]
    except InvalidArgument:
        raise InvalidArgument(violations=list(_violations(request.questions))) from None


def response(decided: Decided) -> pb.CheckAccessResponse:
    """Decisions as they are answered."""
    return pb.CheckAccessResponse(
        decisions=map(_decision, decided.decisions), snapshot_version=decided.snapshot_version
    )


def _violations(asked: Sequence[pb.AccessQuestion]) -> Iterator[FieldViolation]:
    for index, question in enumerate(asked):
        try:
            _question(question.SerializeToString())
        except InvalidArgument as invalid:
            for violation in invalid.violations:
                yield FieldViolation(f"questions[{index}].{violation.field}", violation.description)


@lru_cache(maxsize=_REMEMBERED)
def _question(content: bytes) -> Question:
    asked = pb.AccessQuestion.FromString(content)
    return Question(
        customer=parse_enterprise_number(asked.customer_cbe_number, field="customer_cbe_number"),
        place=_place(asked),
        legal_context=parse_legal_context(asked.legal_context),
        contract=parse_contract_name(asked.data_contract, asked.contract_version),
        period=_period(asked),
        mode=_mode(asked),
    )


def _place(asked: pb.AccessQuestion) -> SectorInstitution | None:
    if not asked.HasField("customer_sector_institution"):
        return None
    place = asked.customer_sector_institution
    return parse_sector_institution(
        place.sector, place.institution, field="customer_sector_institution"
    )


def _mode(asked: pb.AccessQuestion) -> Mode:
    try:
        return Mode(asked.mode)
    except ValueError:
        violation = FieldViolation("mode", "must be one of the listed modes")
        raise InvalidArgument(violations=[violation]) from None


def _period(asked: pb.AccessQuestion) -> Period:
    begin = _day(asked.period.begin_date, "period.begin_date")
    if not asked.period.HasField("end_date"):
        return Period(begin)
    return Period(begin, _day(asked.period.end_date, "period.end_date"))


def _day(message: date_pb2.Date, field: str) -> date:
    try:
        return date(message.year, message.month, message.day)
    except (ValueError, OverflowError):
        violation = FieldViolation(field, "must be a complete date that exists")
        raise InvalidArgument(violations=[violation]) from None


@lru_cache(maxsize=_REMEMBERED)
def _decision(decision: Decision) -> pb.Decision:
    if isinstance(decision, Refused):
        return pb.Decision(refused=_refused(decision))
    return pb.Decision(granted=_granted(decision))


def _granted(granted: Granted) -> pb.Granted:
    return pb.Granted(
        deliberation_number=granted.act.number,
        deliberation_version=granted.act.version,
        granted_fields=granted.fields,
        quality_codes=granted.quality_codes,
        senders=[
            organization_pb2.SectorInstitution(sector=one.sector, institution=one.institution)
            for one in granted.senders
        ],
        retention_days=granted.retention_days,
        hourly_quota=granted.hourly_quota,
    )


def _refused(refused: Refused) -> pb.Refused:
    nearest = refused.nearest
    return pb.Refused(
        reason=cast("pb.RefusalReason", refused.because.value),
        deliberation_number=nearest.number if nearest else "",
        deliberation_version=nearest.version if nearest else 0,
    )
