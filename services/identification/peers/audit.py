"""Putting in writing: `cbss.audit.v1`. A call that returns means durable."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.concepts.citizen import OWN_RIGHT
from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation, Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure
from services.concepts.ssin import Ssin
from services.concepts.status import Status, StatusValue, status
from services.identification.model.calls import (
    Admitted,
    Call,
    Entry,
    Party,
)
from services.identification.model.citizens import OwnReading
from services.identification.model.persons import Origin
from services.identification.model.replacements import Replacement
from services.identification.usecases.histories import Inquiry
from services.kit.clock import Clock
from services.wire.values import instant, status_value


@dataclass(frozen=True)
class PeerReplacements:
    """Tells the trail which number is to be found with which."""

    stub: audit_rpc.AuditServiceStub

    async def record_replacement(self, replacement: Replacement) -> None:
        """Make it durable; telling it again changes nothing."""
        await self.stub.RecordReplacement(
            audit_pb.RecordReplacementRequest(
                event_id=str(replacement.event_id),
                ssin=replacement.ssin.digits,
                replaced_by=replacement.replaced_by.digits,
                occurred_at=instant(replacement.occurred_at),
            )
        )


@dataclass(frozen=True)
class PeerTrail:
    """Records calls through the door."""

    stub: audit_rpc.AuditServiceStub
    sources: Mapping[Origin, EnterpriseNumber]
    """Who keeps which register: the authentic source of what comes from it."""
    new_id: Callable[[], UUID]
    now: Clock

    async def turn_away(self, call: Call, failure: Failure) -> None:
        """Record that a call was refused before it was known who makes it."""
        record = self._of(call, record_pb.EXCHANGE_STAGE_REFUSAL, record_pb.VERDICT_DENY)
        record.reason = failure.reason()
        await self._record([record])

    async def deny(
        self, call: Call, party: Party, contract: ContractName, denied: Denied, status: Status
    ) -> None:
        """Record that no deliberation allows a call."""
        record = self._of(call, record_pb.EXCHANGE_STAGE_REFUSAL, record_pb.VERDICT_DENY)
        _name(record, party, contract)
        _ground(record, denied.deliberation, denied.snapshot_version)
        record.reason = denied.because
        _end(record, status)
        await self._record([record])

    async def intend(self, admitted: Admitted, subject: Ssin | None) -> None:
        """Record that the National Register will be asked, about whom if that is known."""
        intent, permit = record_pb.EXCHANGE_STAGE_INTENT, record_pb.VERDICT_PERMIT
        record = self._of(admitted.call, intent, permit)
        _name(record, admitted.party, admitted.contract)
        if (granted := admitted.granted) is not None:
            _ground(record, granted.deliberation, granted.snapshot_version)
        record.subject_ssin = "" if subject is None else subject.digits
        record.sources.add(supplier_cbe_number=self.sources[Origin.RN_RR].digits)
        await self._record([record])

    async def record(self, admitted: Admitted, entry: Entry) -> None:
        """Record how an admitted call ends, once for each person that it is about."""
        stage = record_pb.EXCHANGE_STAGE_ACT if entry.is_act else record_pb.EXCHANGE_STAGE_OUTCOME
        ended = entry.status
        refused = entry.is_refused or ended is None or ended.code.value is StatusValue.NO_RESULT
        was_asked = entry.register is not None
        if refused and not entry.is_act and not was_asked:
            stage = record_pb.EXCHANGE_STAGE_REFUSAL
        stopped = refused and (entry.is_act or entry.is_refused or not was_asked)
        verdict = record_pb.VERDICT_DENY if stopped else record_pb.VERDICT_PERMIT
        records = []
        for subject in entry.subjects or (None,):
            record = self._of(admitted.call, stage, verdict)
            _name(record, admitted.party, admitted.contract)
            if (granted := admitted.granted) is not None:
                _ground(record, granted.deliberation, granted.snapshot_version)
            record.subject_ssin = "" if subject is None else subject.digits
            record.reason = entry.because
            record.filtered_elements.extend(entry.cut)
            if ended is not None:
                _end(record, ended)
            origins = frozenset() if subject is None else entry.origins.get(subject, frozenset())
            self._name_sources(record, origins, entry.register)
            records.append(record)
        await self._record(records)

    async def read(self, inquiry: Inquiry) -> None:
        """Record that an operator reads what is known of a person."""
        record = record_pb.ExchangeRecord(
            record_id=str(self.new_id()),
            ticket_cbss=str(inquiry.ticket),
            stage=record_pb.EXCHANGE_STAGE_OUTCOME,
            occurred_at=instant(self.now()),
            rpc="cbss.identification.v1.IdentificationService/ListPersonVersions",
            subject_ssin=inquiry.ssin.digits,
            verdict=record_pb.VERDICT_PERMIT,
            reading_reason=inquiry.reason,
            received_at=instant(inquiry.received_at),
            trace_id=inquiry.trace_id,
            operator=inquiry.operator,
        )
        _end(record, status("MSG00000" if inquiry.has_found else "MSG00100"))
        await self._record([record])

    async def tell_own(self, reading: OwnReading) -> None:
        """Record that a citizen reads what is kept about him, or was refused. The card is left out:
        its digest would name the citizen in plain."""
        refused, call = bool(reading.refusal), reading.call
        record = record_pb.ExchangeRecord(
            record_id=str(self.new_id()),
            ticket_cbss=str(call.ticket),
            stage=record_pb.EXCHANGE_STAGE_REFUSAL if refused else record_pb.EXCHANGE_STAGE_OUTCOME,
            occurred_at=instant(self.now()),
            rpc=call.rpc,
            subject_ssin="" if reading.person is None else reading.person.digits,
            verdict=record_pb.VERDICT_DENY if refused else record_pb.VERDICT_PERMIT,
            reason=reading.refusal,
            reading_reason="" if refused else OWN_RIGHT,
            received_at=instant(call.received_at),
            trace_id=call.trace_id,
        )
        if not refused:
            _end(record, status("MSG00000" if reading.has_found else "MSG00100"))
        await self._record([record])

    def _name_sources(
        self, record: record_pb.ExchangeRecord, origins: Collection[Origin], asked: Status | None
    ) -> None:
        """Whose data went out of the person, and how the National Register answered if it was
        asked: what it told of others is nothing about this one."""
        ended: dict[Origin, Status] = {origin: status("MSG00000") for origin in origins}
        if asked is not None and Origin.RN_RR not in ended:
            found = asked.code.value is StatusValue.DATA_FOUND
            ended[Origin.RN_RR] = status("MSG00100") if found else asked
        for origin in sorted(ended, key=lambda one: self.sources[one].digits):
            record.sources.add(
                supplier_cbe_number=self.sources[origin].digits,
                status_value=status_value(ended[origin].code.value),
                status_code=ended[origin].code.code,
            )

    async def _record(self, records: list[record_pb.ExchangeRecord]) -> None:
        await self.stub.RecordExchanges(audit_pb.RecordExchangesRequest(records=records))

    def _of(
        self, call: Call, stage: record_pb.ExchangeStage, verdict: record_pb.Verdict
    ) -> record_pb.ExchangeRecord:
        caller = call.certificate.organization
        return record_pb.ExchangeRecord(
            record_id=str(self.new_id()),
            ticket_cbss=str(call.ticket),
            stage=stage,
            occurred_at=instant(self.now()),
            rpc=call.rpc,
            customer_ticket=call.head.ticket,
            client_certificate_sha256=call.certificate.certificate_sha256,
            caller_cbe_number="" if caller is None else caller.digits,
            legal_context=call.head.legal_context,
            verdict=verdict,
            received_at=instant(call.received_at),
            trace_id=call.trace_id,
            user_id="" if call.head.user is None else call.head.user.text,
        )


def _name(record: record_pb.ExchangeRecord, party: Party, contract: ContractName) -> None:
    record.customer_cbe_number = party.customer.digits
    record.data_contract = contract.code
    record.contract_version = contract.version


def _ground(
    record: record_pb.ExchangeRecord, deliberation: Deliberation | None, snapshot: str
) -> None:
    record.snapshot_version = snapshot
    if deliberation is not None:
        record.deliberation_number = deliberation.number
        record.deliberation_version = deliberation.version


def _end(record: record_pb.ExchangeRecord, status: Status) -> None:
    record.status_value = status_value(status.code.value)
    record.status_code = status.code.code
