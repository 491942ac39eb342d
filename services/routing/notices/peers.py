"""What push asks of others: numbers, dossiers, subscribers, and the trail."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.directory.v1 import subscription_pb2
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc

from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure
from services.concepts.period import Period
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin
from services.concepts.status import Status, StatusValue, status
from services.kit.clock import Clock, belgian_day
from services.routing.model import OnboardedOrganization
from services.routing.notices.model import Call, Delivery, Event, PublishedOutcome, Subscriber
from services.wire import ssins, values


@dataclass(frozen=True)
class PeerIdentification:
    """Asks identification what became of numbers."""

    stub: identification_rpc.IdentificationServiceStub

    async def resolve(self, persons: Collection[Ssin]) -> Mapping[Ssin, ResolvedSsin]:
        """What became of each number."""
        asked = list(persons)
        answer = await self.stub.ResolveSsins(ssins.question(asked))
        return dict(zip(asked, ssins.resolved(answer), strict=True))


@dataclass(frozen=True)
class PeerDirectory:
    """Asks the reference directory."""

    stub: directory_rpc.DirectoryServiceStub
    now: Clock

    async def known_by(
        self, source: EnterpriseNumber, contract: ContractName, persons: Collection[Ssin]
    ) -> frozenset[Ssin]:
        """Those of the persons whom a source of the contract has integrated today."""
        asked, today = list(persons), belgian_day(self.now())
        questions = [
            directory_pb.DossierQuestion(
                ssin=person.digits,
                customer_cbe_number=source.digits,
                data_contract=contract.code,
                contract_version=contract.version,
                period=values.span(Period(today, today)),
            )
            for person in asked
        ]
        answer = await self.stub.LocateDossiers(
            directory_pb.LocateDossiersRequest(questions=questions)
        )
        return frozenset(
            person
            for person, result in zip(asked, answer.results, strict=True)
            if any(known.cbe_number == source.digits for known in result.sources)
        )

    async def subscribers(
        self, events: Sequence[tuple[Ssin, ContractName, str]]
    ) -> list[tuple[Subscriber, ...]]:
        """Who is to be told today of each event."""
        asked = [
            subscription_pb2.PersonEvent(
                ssin=person.digits,
                data_contract=contract.code,
                contract_version=contract.version,
                event_type=event_type,
            )
            for person, contract, event_type in events
        ]
        answer = await self.stub.LocateSubscribers(
            directory_pb.LocateSubscribersRequest(events=asked)
        )
        return [tuple(map(_subscriber, result.subscribers)) for result in answer.results]


def _subscriber(one: subscription_pb2.LocatedSubscriber) -> Subscriber:
    given = one.subscription
    return Subscriber(
        organization=EnterpriseNumber(int(given.cbe_number)),
        subscription=UUID(given.subscription_id),
        legal_context=given.legal_context,
        deliberation=Deliberation(given.deliberation_number, given.deliberation_version),
        quality_codes=tuple(one.quality_codes),
        fields=tuple(one.granted_fields),
    )


@dataclass(frozen=True)
class PeerTrail:
    """Puts in writing what was published and what goes out; a call that returns means durable."""

    stub: audit_rpc.AuditServiceStub
    new_id: Callable[[], UUID]
    now: Clock

    async def publish(
        self,
        call: Call,
        source: OnboardedOrganization,
        contract: ContractName,
        outcomes: Sequence[tuple[Event, PublishedOutcome]],
    ) -> None:
        """Record each event with what becomes of it."""
        records = []
        for event, outcome in outcomes:
            done = outcome.status.code.value in (StatusValue.DATA_FOUND, StatusValue.NO_DATA_FOUND)
            record = self._of(call, call.ticket, record_pb.EXCHANGE_STAGE_ACT, done)
            record.customer_cbe_number = source.cbe_number.digits
            record.subject_ssin = event.person.digits
            record.reason = "" if done else outcome.status.code.code
            _name(record, contract, outcome.status)
            records.append(record)
        await self._record(records)

    async def deliver(
        self,
        call: Call,
        ticket: UUID,
        subscriber: OnboardedOrganization,
        deliveries: Sequence[Delivery],
    ) -> None:
        """Record each notice that goes out, with the source whose data it brings."""
        records = []
        for delivery in deliveries:
            record = self._of(call, ticket, record_pb.EXCHANGE_STAGE_PUSH, True)
            record.customer_cbe_number = subscriber.cbe_number.digits
            record.subject_ssin = delivery.person.digits
            record.legal_context = delivery.subscriber.legal_context
            record.deliberation_number = delivery.subscriber.deliberation.number
            record.deliberation_version = delivery.subscriber.deliberation.version
            record.filtered_elements.extend(sorted(delivery.cut))
            found = status("MSG00100" if delivery.payload is None else "MSG00000")
            _name(record, delivery.waiting.contract, found)
            record.sources.add(
                supplier_cbe_number=delivery.waiting.source.digits,
                supplier_ticket=delivery.waiting.event.reference,
                status_value=record.status_value,
                status_code=record.status_code,
            )
            records.append(record)
        await self._record(records)

    async def turn_away(self, call: Call, failure: Failure) -> None:
        """Record that a call was refused."""
        record = self._of(call, call.ticket, record_pb.EXCHANGE_STAGE_REFUSAL, False)
        record.reason = failure.reason()
        await self._record([record])

    async def _record(self, records: Sequence[record_pb.ExchangeRecord]) -> None:
        if records:
            await self.stub.RecordExchanges(audit_pb.RecordExchangesRequest(records=records))

    def _of(
        self, call: Call, ticket: UUID, stage: record_pb.ExchangeStage, permitted: bool
    ) -> record_pb.ExchangeRecord:
        certificate, caller = call.certificate, call.certificate.organization
        return record_pb.ExchangeRecord(
            record_id=str(self.new_id()),
            ticket_cbss=str(ticket),
            stage=stage,
            occurred_at=values.instant(self.now()),
            rpc=call.rpc,
            customer_ticket=call.customer_ticket,
            client_certificate_sha256=certificate.certificate_sha256,
            caller_cbe_number="" if caller is None else caller.digits,
            verdict=record_pb.VERDICT_PERMIT if permitted else record_pb.VERDICT_DENY,
            received_at=values.instant(call.received_at),
            trace_id=call.trace_id,
        )


def _name(record: record_pb.ExchangeRecord, contract: ContractName, outcome: Status) -> None:
    record.data_contract = contract.code
    record.contract_version = contract.version
    record.status_value = values.status_value(outcome.code.value)
    record.status_code = outcome.code.code
