"""Calls as they come in, answers' heads, and what is recorded, as it travels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.common.v1 import information_pb2, subject_pb2

from services.admission.model import Call, Entry, Leg
from services.concepts.head import Head
from services.concepts.status import Status
from services.concepts.subject import kind_of
from services.kit import clock, trace
from services.kit.caller import Caller
from services.wire import values
from services.wire.head import decode_certificate, decode_head


@dataclass(frozen=True)
class Calls:
    """Makes calls of what arrives at one service."""

    service: str
    """Its full name."""
    new_ticket: Callable[[], UUID]
    now: Callable[[], datetime]

    def made(self, rpc: str, caller: Caller, told: Head | None = None) -> Call:
        """A call that has just arrived, with what it says of its customer if it does."""
        now = self.now()
        return Call(
            ticket=self.new_ticket(),
            rpc=f"{self.service}/{rpc}",
            received_at=now,
            day=clock.belgian_day(now),
            certificate=decode_certificate(caller),
            trace_id=trace.trace_id(),
            head=told,
            operator=caller.operator,
        )

    def of(
        self,
        rpc: str,
        caller: Caller,
        information: information_pb2.InformationCustomer,
        legal_context: str | None,
    ) -> Call:
        """The call of an organization; fails when its envelope is unusable."""
        return self.made(rpc, caller, decode_head(information, legal_context))

    def today(self) -> date:
        """The calendar day in Belgium."""
        return clock.belgian_day(self.now())


def encode_information_cbss(
    call: Call, replied_at: datetime | None
) -> information_pb2.InformationCbss:
    """What the mesh did with a call."""
    return information_pb2.InformationCbss(
        ticket_cbss=str(call.ticket),
        received_at=values.encode_instant(call.received_at),
        replied_at=None if replied_at is None else values.encode_instant(replied_at),
    )


def encode_record(entry: Entry, record_id: UUID, at: datetime) -> record_pb.ExchangeRecord:
    """What is recorded, under an identification, at an instant."""
    call, told = entry.call, entry.call.head
    caller = call.certificate.organization
    record = record_pb.ExchangeRecord(
        record_id=str(record_id),
        ticket_cbss=str(call.ticket),
        stage=cast("record_pb.ExchangeStage", entry.stage.value),
        occurred_at=values.encode_instant(at),
        rpc=call.rpc,
        verdict=record_pb.VERDICT_PERMIT if entry.permitted else record_pb.VERDICT_DENY,
        received_at=values.encode_instant(call.received_at),
        trace_id=call.trace_id,
    )
    # What is not told is not set: on the way of every exchange each field costs.
    if caller is not None:
        # Only an organization's: a citizen's certificate would name him in plain.
        record.client_certificate_sha256 = call.certificate.certificate_sha256
        record.caller_cbe_number = caller.digits
    if entry.party is not None:
        record.customer_cbe_number = entry.party.customer.cbe_number.digits
    if entry.person is not None:
        record.subject_ssin = entry.person.digits
    if entry.enterprise is not None:
        record.subject_kind = cast("subject_pb2.SubjectKind", kind_of(entry.enterprise).value)
        record.subject_cbe_number = entry.enterprise.digits
    if entry.period is not None:
        record.period.CopyFrom(values.encode_period(entry.period))
    if entry.cut:
        record.filtered_elements.extend(entry.cut)
    if entry.sources:
        record.sources.extend(map(_leg, entry.sources))
    if told is not None:
        record.customer_ticket = told.ticket
        record.user_id = "" if told.user is None else told.user.text
    record.legal_context = entry.legal_context or ("" if told is None else told.legal_context)
    record.reason, record.reading_reason = entry.reason, entry.reading_reason
    record.subjects_count, record.operator = entry.persons, call.operator
    if entry.contract is not None:
        record.data_contract = entry.contract.code
        record.contract_version = entry.contract.version
    if entry.status is not None:
        record.status_value = values.encode_status_value(entry.status.code.value)
        record.status_code = entry.status.code.code
    if entry.decision is not None:
        record.snapshot_version = entry.decision.snapshot_version
        if entry.decision.deliberation is not None:
            record.deliberation_number = entry.decision.deliberation.number
            record.deliberation_version = entry.decision.deliberation.version
    return record


def encode_outcome(
    intent: record_pb.ExchangeRecord,
    record_id: UUID,
    at: datetime,
    status: Status,
    cut: Sequence[str],
    sources: Sequence[Leg],
) -> record_pb.ExchangeRecord:
    """What is recorded of an outcome, where the intent has said all the rest."""
    record = record_pb.ExchangeRecord()
    record.CopyFrom(intent)
    record.record_id = str(record_id)
    record.stage = record_pb.EXCHANGE_STAGE_OUTCOME
    record.occurred_at.CopyFrom(values.encode_instant(at))
    record.status_value = values.encode_status_value(status.code.value)
    record.status_code = status.code.code
    record.filtered_elements.extend(cut)
    record.ClearField("sources")
    record.sources.extend(map(_leg, sources))
    return record


def _leg(one: Leg) -> record_pb.SourceLeg:
    made = record_pb.SourceLeg(supplier_cbe_number=one.supplier.digits)
    if one.ticket or one.duration:
        made.supplier_ticket = one.ticket
        made.duration_microseconds = int(one.duration.total_seconds() * 1e6)
    if one.managing is not None:
        made.managing_cbe_number = one.managing.digits
    if one.status is not None:
        made.status_value = values.encode_status_value(one.status.code.value)
        made.status_code = one.status.code.code
    return made
