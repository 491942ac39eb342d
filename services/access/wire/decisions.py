"""Questions and decisions between the contract's messages and the model."""

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from cbss.access.v1 import access_service_pb2 as pb

from services.access.model import Decision, Frequency, Granted, Mode, Question, Refused
from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import InvalidArgument, invalid
from services.concepts.legal_context import parse_legal_context
from services.concepts.organization import SectorInstitution, parse_sector_institution
from services.wire import decisions, values

MOST_QUESTIONS = 1000
MOST_TIMES = 1_000_000
_REMEMBERED = 16_384
"""How many decisions are kept in both forms: some ten megabytes."""


def decode_check_access(request: pb.CheckAccessRequest) -> list[bytes]:
    """The questions of a request as they travel; fails if they are too few or too many."""
    if not 1 <= len(request.questions) <= MOST_QUESTIONS:
        raise invalid("questions", f"must be 1 to {MOST_QUESTIONS}")
    return [one.SerializeToString() for one in request.questions]


def decode_times(request: pb.CheckAccessRequest) -> Sequence[int]:
    """How often each question of a request was put; fails naming what is wrong."""
    times = request.times or [1] * len(request.questions)
    if len(times) != len(request.questions):
        raise invalid("times", "must be as many as the questions, or none")
    if not all(1 <= one <= MOST_TIMES for one in times):
        raise invalid("times", f"must be 1 to {MOST_TIMES}")
    return times


def encode_check_access_response(
    decided: Sequence[bytes], snapshot_version: str
) -> pb.CheckAccessResponse:
    """Decisions as they are answered: each is there already in the form in which it travels."""
    answer = pb.CheckAccessResponse.FromString(b"".join(decided))
    answer.snapshot_version = snapshot_version
    return answer


class Travelling:
    """Questions and decisions in the form in which they travel."""

    def question(self, content: bytes, field: str = "question") -> Question:
        """The question that was asked; fails naming the field that is wrong."""
        return decode_question(pb.AccessQuestion.FromString(content), field)

    def decision(self, decision: Decision) -> bytes:
        """The decision as one of a response."""
        return _travelling(decision)


def decode_question(asked: pb.AccessQuestion, field: str = "question") -> Question:
    """The question of a message; fails naming the field that is wrong."""
    try:
        return _question(asked)
    except InvalidArgument as refused:
        (wrong,) = refused.violations
        raise invalid(f"{field}.{wrong.field}", wrong.description) from None


def encode_question(asked: Question) -> pb.AccessQuestion:
    """A question as a message."""
    written = pb.AccessQuestion(
        customer_cbe_number=asked.customer.digits,
        legal_context=asked.legal_context,
        data_contract=asked.contract.code,
        contract_version=asked.contract.version,
        mode=cast("pb.ExchangeMode", asked.mode.value),
        period=values.encode_period(asked.period),
    )
    if asked.place is not None:
        written.customer_sector_institution.CopyFrom(values.encode_place(asked.place))
    return written


def _question(asked: pb.AccessQuestion) -> Question:
    return Question(
        customer=parse_enterprise_number(asked.customer_cbe_number, field="customer_cbe_number"),
        place=_place(asked),
        legal_context=parse_legal_context(asked.legal_context),
        contract=parse_contract_name(asked.data_contract, asked.contract_version),
        period=values.decode_period(asked.period, "period"),
        mode=_mode(asked),
        day=values.decode_day(asked.day, "day") if asked.HasField("day") else None,
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
        raise invalid("mode", "must be one of the listed modes") from None


@lru_cache(maxsize=_REMEMBERED)
def _travelling(decision: Decision) -> bytes:
    return pb.CheckAccessResponse(decisions=[encode_decision(decision)]).SerializeToString()


def encode_decision(decision: Decision) -> pb.Decision:
    """A decision as a message."""
    if isinstance(decision, Refused):
        return pb.Decision(refused=_refused(decision))
    return pb.Decision(granted=_granted(decision))


def _granted(granted: Granted) -> pb.Granted:
    return pb.Granted(
        deliberation_number=granted.act.number,
        deliberation_version=granted.act.version,
        granted_fields=granted.fields,
        quality_codes=granted.quality_codes,
        senders=map(values.encode_place, granted.senders),
        retention_days=granted.retention_days,
        hourly_quota=granted.hourly_quota,
        expected_hourly_volume=granted.expected_hourly_volume,
        undisclosable_addresses=granted.undisclosable_addresses,
        household=granted.household,
        frequency=encode_frequency(granted.frequency),
        notify_subject=granted.notify_subject,
        criteria=map(decisions.encode_limit, granted.criteria),
    )


def _refused(refused: Refused) -> pb.Refused:
    nearest = refused.nearest
    return pb.Refused(
        reason=cast("pb.RefusalReason", refused.because.value),
        deliberation_number=nearest.number if nearest else "",
        deliberation_version=nearest.version if nearest else 0,
    )


def encode_frequency(value: Frequency) -> pb.Frequency:
    """How often data may be delivered, as a message says it."""
    return cast("pb.Frequency", pb.Frequency.Value(f"FREQUENCY_{value.value}"))
