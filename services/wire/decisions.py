"""Questions to access about an exchange, and what it decides: every caller asks alike."""

from datetime import date
from typing import cast

from cbss.access.v1 import access_service_pb2 as access_pb

from services.concepts.criteria import CRITERIA_NOT_COVERED, CriterionLimit
from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation, Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.wire import values


def encode_question(
    customer: EnterpriseNumber,
    place: SectorInstitution | None,
    legal_context: LegalContext,
    contract: ContractName,
    period: Period,
    day: date,
    mode: int = access_pb.EXCHANGE_MODE_ONLINE,
) -> access_pb.AccessQuestion:
    """The question whether a customer may have data for a purpose, asked on a day."""
    return access_pb.AccessQuestion(
        customer_cbe_number=customer.digits,
        customer_sector_institution=None if place is None else values.encode_place(place),
        legal_context=legal_context,
        data_contract=contract.code,
        contract_version=contract.version,
        period=values.encode_period(period),
        mode=cast("access_pb.ExchangeMode", mode),
        day=values.encode_day(day),
    )


def decode_denied(
    decision: access_pb.Decision, snapshot_version: str, *, checks_criteria: bool = False
) -> Denied | None:
    """Why it is denied; nothing if it is granted. What is granted for some criteria only is denied
    to a service that does not check them."""
    # Deny by default: whatever is not an explicit grant is none.
    if decision.WhichOneof("verdict") == "granted":
        granted = decision.granted
        if checks_criteria or not granted.criteria:
            return None
        return Denied(CRITERIA_NOT_COVERED, decode_deliberation(granted), snapshot_version)
    refused = decision.refused
    reason = access_pb.RefusalReason.Name(refused.reason).removeprefix("REFUSAL_REASON_")
    number = refused.deliberation_number
    act = Deliberation(number, refused.deliberation_version) if number else None
    return Denied(reason, act, snapshot_version)


def decode_limit(message: access_pb.CriterionLimit) -> CriterionLimit:
    """What criteria must keep to."""
    return CriterionLimit(
        field=message.field,
        values=tuple(message.values),
        minimum=message.minimum if message.HasField("minimum") else None,
        maximum=message.maximum if message.HasField("maximum") else None,
    )


def encode_limit(limit: CriterionLimit) -> access_pb.CriterionLimit:
    """The same as a message."""
    return access_pb.CriterionLimit(
        field=limit.field,
        values=limit.values,
        minimum=limit.minimum,
        maximum=limit.maximum,
        absent=limit.forbids,
    )


def decode_deliberation(granted: access_pb.Granted) -> Deliberation:
    """The act that grants it."""
    return Deliberation(granted.deliberation_number, granted.deliberation_version)
