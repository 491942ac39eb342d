"""The records of what is done about reports and decisions: acts, refusals, and readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.trail.model import Entry
from services.audit.trail.model.deliveries import Concern
from services.audit.trail.wire.inquiries import Reader
from services.audit.trail.wire.records import entry
from services.concepts.enterprise_number import parse_organization_identifier
from services.concepts.trail import NOTHING_CHANGED
from services.kit.trace import trace_id

REPORTS = "cbss.audit.v1.ErrorReportService"


@dataclass(frozen=True)
class CallActs:
    """Makes the records of one call, all under one ticket."""

    reader: Reader
    rpc: str
    ticket: UUID
    """The report or decision; where a list is read, one of its own."""
    reading_reason: str = ""
    service: str = REPORTS
    citizen_ssin: str = ""
    """The citizen who calls, if one does."""

    def done(self, concern: Concern) -> Entry:
        """The record that it was done."""
        return entry(self._about(concern, record_pb.EXCHANGE_STAGE_ACT))

    def stood(self, concern: Concern) -> Entry:
        """The record that it was done before, and nothing changed."""
        record = self._about(concern, record_pb.EXCHANGE_STAGE_ACT)
        record.reason = NOTHING_CHANGED
        return entry(record)

    def refused(self, concern: Concern | None, reason: str) -> Entry:
        """The record that it was refused."""
        stage = record_pb.EXCHANGE_STAGE_ACT
        record = self._record(stage) if concern is None else self._about(concern, stage)
        record.verdict, record.reason = record_pb.VERDICT_DENY, reason
        return entry(record)

    def acted(self, reason: str = "") -> Entry:
        """The record of an act about nobody in particular, or with a reason that it was refused or
        changed nothing."""
        record = self._record(record_pb.EXCHANGE_STAGE_ACT)
        record.reason = reason
        if reason and reason != NOTHING_CHANGED:
            record.verdict = record_pb.VERDICT_DENY
        return entry(record)

    def looked(self) -> Entry:
        """The record that a list was read that names nobody."""
        return entry(self._record(record_pb.EXCHANGE_STAGE_READING))

    def read(self, concerns: Sequence[Concern]) -> Sequence[Entry]:
        """The records that a page was read: of a citizen's own one, else a header and a line for
        each person on it."""
        header = self._record(record_pb.EXCHANGE_STAGE_READING)
        if self.citizen_ssin:
            header.subject_ssin = self.citizen_ssin
            return [entry(header)]
        header.subjects_count = len(concerns)
        lines = [self._about(one, record_pb.EXCHANGE_STAGE_LINE) for one in concerns]
        return [entry(one) for one in (header, *lines)]

    def _about(self, concern: Concern, stage: record_pb.ExchangeStage) -> record_pb.ExchangeRecord:
        record = self._record(stage)
        record.subject_ssin = concern.person.digits
        record.legal_context = concern.legal_context
        if concern.datum is not None:
            record.data_contract = concern.datum.data_contract
            record.sources.add(supplier_cbe_number=concern.datum.source.digits)
        return record

    def _record(self, stage: record_pb.ExchangeStage) -> record_pb.ExchangeRecord:
        readers, caller = self.reader.readers, self.reader.caller
        record = record_pb.ExchangeRecord(
            record_id=str(readers.new_id()),
            ticket_cbss=str(self.ticket),
            stage=stage,
            verdict=record_pb.VERDICT_PERMIT,
            rpc=f"{self.service}/{self.rpc}",
            trace_id=trace_id(),
            operator=caller.operator,
            reading_reason=self.reading_reason,
        )
        record.occurred_at.FromDatetime(readers.now())
        client = caller.client
        named = (
            parse_organization_identifier(client.organization_identifier or "") if client else None
        )
        if client is not None and named is not None:
            # Only an organization's: a citizen's certificate would name him in plain.
            record.client_certificate_sha256 = client.certificate_sha256
            record.caller_cbe_number = record.customer_cbe_number = named.digits
        return record
