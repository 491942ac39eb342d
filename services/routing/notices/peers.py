"""What push asks of others: numbers, dossiers, subscribers, and the trail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.directory.v1 import subscription_pb2
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc

from services.admission.model import Basis, Call, Entry, Leg, Party, Stage
from services.admission.peers import audit as admission
from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.period import Period
from services.concepts.quality_code import QualityCode, parse_quality_code
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin
from services.concepts.status import StatusValue, status
from services.kit.clock import Clock, belgian_day
from services.routing.model import OnboardedOrganization
from services.routing.notices.model import (
    Delivery,
    Distribution,
    Event,
    PublishedOutcome,
    Subscriber,
    Untold,
)
from services.wire import ssins, values


@dataclass(frozen=True)
class PeerIdentification:
    """Asks identification what became of numbers."""

    stub: identification_rpc.IdentificationServiceStub

    async def resolve(self, persons: Collection[Ssin]) -> Mapping[Ssin, ResolvedSsin]:
        """What became of each number."""
        asked = list(persons)
        answer = await self.stub.ResolveSsins(ssins.encode_resolve_ssins_request(asked))
        return dict(zip(asked, ssins.decode_resolved(answer), strict=True))


@dataclass(frozen=True)
class PeerDirectory:
    """Asks the reference directory."""

    stub: directory_rpc.DirectoryServiceStub
    now: Clock

    async def known_by(
        self,
        source: EnterpriseNumber,
        contract: ContractName,
        qualities: frozenset[QualityCode],
        persons: Collection[Ssin],
    ) -> frozenset[Ssin]:
        """Those of the persons whom a source of the contract has integrated today: as one who is
        asked for it, or in one of the qualities."""
        asked, today = list(persons), belgian_day(self.now())
        questions = [
            directory_pb.DossierQuestion(
                ssin=person.digits,
                customer_cbe_number=source.digits,
                data_contract=contract.code,
                contract_version=contract.version,
                period=values.encode_period(Period(today, today)),
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
            or not qualities.isdisjoint(map(parse_quality_code, result.customer_quality_codes))
        )

    async def subscribers(
        self, events: Sequence[tuple[Ssin, ContractName, str]]
    ) -> list[Distribution]:
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
        return [
            Distribution(
                tuple(map(_subscriber, result.subscribers)), tuple(map(_untold, result.refused))
            )
            for result in answer.results
        ]


def _untold(one: subscription_pb2.RefusedSubscriber) -> Untold:
    return Untold(EnterpriseNumber(int(one.cbe_number)), tuple(one.quality_codes), one.refusal_code)


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

    trail: admission.PeerTrail

    async def record(self, *entries: Entry) -> None:
        """Record calls that were not let in."""
        await self.trail.record(*entries)

    async def publish(
        self,
        call: Call,
        source: OnboardedOrganization,
        contract: ContractName,
        outcomes: Sequence[tuple[Event, PublishedOutcome]],
    ) -> None:
        """Record each event with what becomes of it."""
        entries = []
        for event, outcome in outcomes:
            entry = Entry(
                call=call,
                stage=Stage.ACT,
                party=Party(source, source),
                person=event.person,
                contract=contract,
                status=outcome.status,
            )
            code = outcome.status.code
            done = code.value in (StatusValue.DATA_FOUND, StatusValue.NO_DATA_FOUND)
            entries.append(entry if done else entry.refused(code.code))
        await self._record(entries)

    async def deliver(
        self,
        call: Call,
        ticket: UUID,
        subscriber: OnboardedOrganization,
        deliveries: Sequence[Delivery],
    ) -> None:
        """Record each notice that goes out, with the source whose data it brings."""
        entries = []
        for delivery in deliveries:
            told, waiting = delivery.subscriber, delivery.waiting
            found = status("MSG00100" if delivery.payload is None else "MSG00000")
            entries.append(
                Entry(
                    call=replace(call, ticket=ticket),
                    stage=Stage.PUSH,
                    party=Party(subscriber, subscriber),
                    person=delivery.person,
                    contract=waiting.contract,
                    legal_context=told.legal_context,
                    decision=Basis(told.deliberation),
                    status=found,
                    cut=tuple(sorted(delivery.cut)),
                    sources=(Leg(waiting.source, found, waiting.event.reference),),
                )
            )
        await self._record(entries)

    async def _record(self, entries: Sequence[Entry]) -> None:
        if entries:
            await self.trail.record(*entries)
