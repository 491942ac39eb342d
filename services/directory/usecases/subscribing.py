"""Subscriptions: given on a deliberation, ended with it, matched with dossiers when it counts."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from services.admission.model import Call, Granted, Mode, Stage
from services.admission.usecases import Admission, Operators
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.status import Status, status
from services.directory.errors import SubscriptionUnknown
from services.directory.model import (
    Asked,
    Catalogue,
    Distribution,
    Ending,
    Event,
    Organization,
    Subscribing,
    Subscription,
    Told,
)
from services.directory.rules import subscribing
from services.directory.usecases import ports
from services.directory.usecases.catalogues import CatalogueKeeper
from services.directory.usecases.locating import Store

Grounds = Mapping[tuple[Organization, LegalContext, ContractName], Granted | Denied]


class Subscriptions(Protocol):
    """Keeps subscriptions."""

    async def add_subscription(self, subscription: Subscription) -> None:
        """Keep a subscription."""

    async def find_subscription(self, key: UUID) -> Subscription | None:
        """A subscription, ended or not."""

    async def list_subscriptions(
        self, subscriber: EnterpriseNumber, today: date, after: UUID | None, most: int
    ) -> Sequence[Subscription]:
        """Some of a subscriber's own that have not ended, by key, after one of them."""

    async def end_subscription(self, key: UUID, last_day: date) -> None:
        """Give a subscription its last day, unless it has an earlier one."""


@dataclass(frozen=True)
class Subscribers:
    """Gives subscriptions, and knows who is to be told."""

    catalogues: CatalogueKeeper
    subscriptions: Subscriptions
    dossiers: Store
    admission: Admission[Organization]
    operators: Operators
    lists: ports.Lists
    new_key: Callable[[], UUID]

    async def subscribe(
        self, call: Call, wanted: Subscribing
    ) -> tuple[Status, Subscription | None]:
        """Give a subscription if a deliberation allows data to be sent under it."""
        asked, wish, catalogue = wanted.asked, wanted.wish, self.catalogues.current()
        admitted = await self.admission.known(call.under(asked.head), wish.contract)
        admitted = await self.admission.decided(admitted, Mode.PUSH)
        party, verdict = admitted.party, admitted.verdict
        refusal = subscribing.refuse_wish(wish, party, verdict, catalogue, self.lists)
        if refusal is not None or isinstance(verdict, Denied):
            assert refusal is not None
            refused = admitted.entry(Stage.ACT, refusal.status)
            await self.admission.record(refused.refused(refusal.because))
            return refusal.status, None
        done = status("MSG00000")
        await self.admission.record(admitted.entry(Stage.ACT, done, period=wish.period))
        given = Subscription(
            self.new_key(),
            party.customer.cbe_number,
            asked.head.legal_context,
            wish,
            verdict.deliberation,
        )
        async with self.admission.acting(admitted.entry(Stage.ACT)):
            await self.subscriptions.add_subscription(given)
        await self.catalogues.refresh()
        return done, given

    async def unsubscribe(self, call: Call, wanted: Ending) -> None:
        """End a subscription of the customer's; nothing is removed."""
        found = await self.subscriptions.find_subscription(wanted.key)
        admitted = await self.admission.known(call.under(wanted.asked.head))
        # What is another's is not told apart from what is not there.
        if found is None or found.subscriber != admitted.customer.cbe_number:
            refused = admitted.entry(Stage.ACT).refused(SubscriptionUnknown.reason())
            await self.admission.record(refused)
            raise SubscriptionUnknown
        head = replace(wanted.asked.head, legal_context=found.legal_context)
        act = replace(admitted, call=call.under(head), contract=found.wish.contract)
        end = found.wish.period.end
        changes = end is None or end > wanted.last_day
        await self.admission.record(act.entry(Stage.ACT, status("MSG00000"), changes=changes))
        async with self.admission.acting(act.entry(Stage.ACT)):
            await self.subscriptions.end_subscription(wanted.key, wanted.last_day)
        await self.catalogues.refresh()

    async def list_own(
        self, call: Call, asked: Asked, after: UUID | None, most: int
    ) -> tuple[list[Subscription], UUID | None]:
        """A page of the customer's subscriptions that have not ended, and after which one the next
        page begins."""
        admitted = await self.admission.known(call.under(asked.head))
        mine = await self.subscriptions.list_subscriptions(
            admitted.customer.cbe_number, call.day, after, most + 1
        )
        page = [*mine[:most]]
        return page, page[-1].key if len(mine) > most else None

    async def locate(self, events: Sequence[Event], today: date) -> list[Distribution]:
        """Who is to be told of each event and who is not, in the order of the events."""
        catalogue = self.catalogues.current()
        contracts = {event.contract for event in events}
        keys = subscribing.subscribers(contracts, catalogue)
        persons = {event.person for event in events}
        known = await self.dossiers.dossiers_of(persons, keys) if keys else {}
        found = [
            subscribing.subscriptions_concerned(
                event, known.get(event.person, ()), catalogue, today
            )
            for event in events
        ]
        grounds = await self._grounds({one for some in found for one, _ in some}, catalogue, today)
        return [
            subscribing.distribution(
                [(one, qualities, grounds[_ground(one, catalogue)]) for one, qualities in some]
            )
            for some in found
        ]

    async def preview(self, call: Call, event: Event, reason: str) -> Sequence[Told]:
        """Who would be told of an event, for an operator; the trail has the reading first."""
        told = (await self.locate([event], call.day))[0].told
        await self.operators.told(
            call, reason, event.person, found=bool(told), contract=event.contract
        )
        return told

    async def _grounds(
        self, subscriptions: set[Subscription], catalogue: Catalogue, today: date
    ) -> Grounds:
        """What access says today of each purpose, once for all subscriptions that share it."""
        asked = {_ground(one, catalogue) for one in subscriptions}
        try:
            async with asyncio.TaskGroup() as together:
                asking = {
                    ground: together.create_task(
                        self.admission.access.check(
                            organization, context, contract, today, Mode.PUSH
                        )
                    )
                    for ground in asked
                    for organization, context, contract in (ground,)
                }
        except ExceptionGroup as away:
            raise away.exceptions[0] from None
        return {ground: task.result() for ground, task in asking.items()}


def _ground(
    subscription: Subscription, catalogue: Catalogue
) -> tuple[Organization, LegalContext, ContractName]:
    subscriber = catalogue.organizations[subscription.subscriber]
    return subscriber, subscription.legal_context, subscription.wish.contract
