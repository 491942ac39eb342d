"""Between `cbss.supplier.v1` and what is asked of sources and told by them."""

from datetime import datetime

from cbss.common.v1 import information_pb2
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb

from services.concepts.failures import InvalidArgument
from services.concepts.period import Period
from services.concepts.status import Status, StatusCode, StatusValue
from services.routing.model import ContractSource, Exchange, Plan
from services.routing.rules import answers
from services.routing.wire import payloads
from services.wire import values
from services.wire.head import LONGEST_TICKET

_VALUES = frozenset(value.value for value in StatusValue)


def encode_question(exchange: Exchange, plan: Plan, source: ContractSource) -> supplier_pb.Question:
    """What a source is asked."""
    asked = exchange.question
    assert isinstance(asked.period, Period)
    ssin, cbe_number = answers.numbers_of(asked.subject)
    question = supplier_pb.Question(
        legal_context=asked.head.legal_context,
        data_contract=asked.contract.code,
        contract_version=asked.contract.version,
        ssin=ssin,
        cbe_number=cbe_number,
        next=asked.goes_on.get(source.supplier.cbe_number, ""),
        period=values.encode_period(asked.period),
        criteria=None if asked.criteria is None else payloads.encode_any(asked.criteria),
        granted_fields=plan.granted.fields,
    )
    if source.managing is not None:
        question.addressee.cbe_number = source.supplier.cbe_number.digits
    if source.supplier.is_integrator:
        question.via.extend(number.digits for number in plan.via)
    question.information_cbss.ticket_cbss = str(exchange.ticket)
    question.information_cbss.received_at.CopyFrom(values.encode_instant(exchange.received_at))
    question.information_customer.ticket = asked.head.ticket
    question.information_customer.customer_identification.CopyFrom(
        values.encode_organization(asked.head.customer)
    )
    return question


def decode_reply(answer: supplier_pb.Answer) -> answers.Reply:
    """What a source sent, before it is judged."""
    information = answer.information_supplier
    return answers.Reply(
        ssin=answer.ssin.ssin,
        cbe_number=answer.cbe_number,
        status=_status(answer),
        payload=payloads.decode_payload(answer.data) if answer.HasField("data") else None,
        ticket=information.ticket[:LONGEST_TICKET],
        received_at=_moment(information, "received_at"),
        replied_at=_moment(information, "replied_at"),
        filtered=tuple(answer.data_filters.filtered_elements),
        next=answer.next,
        unsupported=tuple(answer.unsupported_data),
    )


def _moment(information: information_pb2.InformationSupplier, field: str) -> datetime | None:
    try:
        told = getattr(information, field)
        return values.decode_instant(told, field) if information.HasField(field) else None
    except InvalidArgument:
        # What is no instant that we can hold is not told.
        return None


def _status(answer: supplier_pb.Answer) -> Status | None:
    told = answer.status
    if told.value not in _VALUES:
        return None
    return Status(
        StatusCode(told.code, StatusValue(told.value), told.description),
        tuple((item.field_name, item.field_value) for item in told.information),
    )
