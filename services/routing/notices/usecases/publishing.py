"""Publishing: who is a source, what the person and the attestation allow, where it goes; the trail
first, then the store, then whoever waits is woken."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.admission.model import Stage
from services.admission.usecases import Arrivals
from services.routing.errors import NoSource
from services.routing.model import Catalogue, DataContract, OnboardedOrganization
from services.routing.notices import rules
from services.routing.notices.model import Event, NewEvent, Publication, PublishedOutcome
from services.routing.notices.rules import Deciding, Known
from services.routing.notices.usecases import ports


@dataclass(frozen=True)
class Publications:
    """Takes events from authentic sources."""

    admission: Arrivals[OnboardedOrganization]
    catalogues: ports.Catalogues
    identification: ports.Identification
    directory: ports.Directory
    trail: ports.Trail
    store: ports.Store
    seal: ports.Seal
    wakeups: ports.Wakeups
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    kept: timedelta
    """How long a notice waits to be acknowledged."""

    async def publish(self, asked: Publication) -> list[PublishedOutcome]:
        """What became of each event, in order; what is distributed is durable."""
        catalogue = self.catalogues.current()
        source, contract = await self._admit(asked, catalogue)
        told = [event for event in asked.events if isinstance(event, Event)]
        deciding = await self._deciding(source, contract, told, catalogue)
        decided = [deciding.decide(event) for event in asked.events]
        await self.trail.publish(asked.call, source, contract.name, _written(asked, decided))
        new = [event for _, event in decided if event is not None]
        if new:
            await self.store.add(new)
            notices = (notice for event in new for notice in event.notices)
            self.wakeups.announce({notice.subscriber.digits for notice in notices})
        return [outcome for outcome, _ in decided]

    async def _admit(
        self, asked: Publication, catalogue: Catalogue
    ) -> tuple[OnboardedOrganization, DataContract]:
        admitted = await self.admission.known(asked.call, asked.contract)
        contract = catalogue.contracts.get(asked.contract)
        if contract is None or not rules.supplies(admitted.customer, contract):
            refused = admitted.entry(Stage.REFUSAL).refused(NoSource.reason())
            await self.admission.record(refused)
            raise NoSource
        return admitted.customer, contract

    async def _deciding(
        self,
        source: OnboardedOrganization,
        contract: DataContract,
        told: Sequence[Event],
        catalogue: Catalogue,
    ) -> Deciding:
        """What the store and the peers know of the events; of a repeat nobody is asked."""
        of = source.cbe_number
        before = await self.store.published(of, {event.reference for event in told})
        fresh = [event for event in told if event.reference not in before]
        courses = await self.store.courses(of, {event.attestation for event in fresh})
        persons = {event.person for event in fresh}
        known: dict[rules.Subject, Known] = {}
        if persons:
            about = [(event.person, contract.name, event.event_type) for event in fresh]
            resolved, integrated, located = await asyncio.gather(
                self.identification.resolve(persons),
                self.directory.known_by(
                    of, contract.name, rules.counting(source, contract), persons
                ),
                self.directory.subscribers(about),
            )
            known = {
                rules.subject(event): Known(
                    resolved[event.person], event.person in integrated, distribution
                )
                for event, distribution in zip(fresh, located, strict=True)
            }
        now = self.now()
        return Deciding(
            source=of,
            contract=contract,
            catalogue=catalogue,
            known=known,
            before=dict(before),
            courses=dict(courses),
            digest=self.seal.digest,
            new_id=self.new_id,
            now=now,
            expires_at=now + self.kept,
        )


def _written(
    asked: Publication, decided: Sequence[tuple[PublishedOutcome, NewEvent | None]]
) -> list[tuple[Event, PublishedOutcome]]:
    """What is put in writing: each event that could be understood and is no repeat."""
    return [
        (event, outcome)
        for event, (outcome, _) in zip(asked.events, decided, strict=True)
        if isinstance(event, Event) and not outcome.is_repeat
    ]
