"""Subscriptions: given on a deliberation, ended with it, matched with dossiers when it counts."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure
from services.concepts.legal_context import LegalContext
from services.concepts.status import Status, status
from services.concepts.trail import NOTHING_CHANGED
from services.directory.errors import SubscriptionUnknown
from services.directory.model import (
    Asked,
    Call,
    Catalogue,
    Ending,
    Entry,
    Event,
    Granted,
    Mode,
    Organization,
    Stage,
    Subscribing,
    Subscription,
    Told,
)
from services.directory.rules import subscribing
from services.directory.usecases import ports
from services.directory.usecases.catalogues import CatalogueKeeper
from services.directory.usecases.gate import Gate
from services.directory.usecases.locating import Store

NO_CONTRACT = ContractName("", 0)
"""For questions that are about no contract in particular."""
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
    gate: Callable[[ContractName], Gate]
    lists: ports.Lists
    new_key: Callable[[], UUID]

    async def subscribe(
        self, call: Call, wanted: Subscribing
    ) -> tuple[Status, Subscription | None]:
        """Give a subscription if a deliberation allows data to be sent under it."""
        asked, wish, catalogue = wanted.asked, wanted.wish, self.catalogues.current()
        gate = self.gate(wish.contract)
        party = await gate.party(call, asked, catalogue)
        verdict, _ = await gate.gather(call, asked, party, Mode.PUSH)
        refusal = subscribing.refuse_wish(wish, party, verdict, catalogue, self.lists)
        if refusal is not None or isinstance(verdict, Denied):
            assert refusal is not None
            await gate.refuse(call, asked, Stage.ACT, party, verdict, refusal)
            return refusal.status, None
        done = status("MSG00000")
        await gate.permit(call, asked, Stage.ACT, party, verdict, done, wish.period)
        given = Subscription(
            self.new_key(),
            party.customer.cbe_number,
            asked.head.legal_context,
            wish,
            verdict.deliberation,
        )
        try:
            await self.subscriptions.add_subscription(given)
        except Failure as failed:
            await gate.fail(call, asked, party, verdict, failed)
            raise
        await self.catalogues.refresh()
        return done, given

    async def unsubscribe(self, call: Call, wanted: Ending) -> None:
        """End a subscription of the customer's; nothing is removed."""
        catalogue = self.catalogues.current()
        found = await self.subscriptions.find_subscription(wanted.key)
        contract = NO_CONTRACT if found is None else found.wish.contract
        gate = self.gate(contract)
        party = await gate.party(call, wanted.asked, catalogue)
        act = Entry(call, Stage.ACT, permitted=True, party=party, head=wanted.asked.head)
        # What is another's is not told apart from what is not there.
        if found is None or found.subscriber != party.customer.cbe_number:
            unknown = SubscriptionUnknown()
            await gate.trail.record(replace(act, permitted=False, reason=unknown.reason()))
            raise unknown
        head = replace(wanted.asked.head, legal_context=found.legal_context)
        act = replace(act, head=head, contract=contract)
        end = found.wish.period.end
        reason = NOTHING_CHANGED if end is not None and end <= wanted.last_day else ""
        await gate.trail.record(replace(act, reason=reason, status=status("MSG00000")))
        try:
            await self.subscriptions.end_subscription(wanted.key, wanted.last_day)
        except Failure as failed:
            await gate.trail.record(replace(act, permitted=False, reason=failed.reason()))
            raise
        await self.catalogues.refresh()

    async def list_own(
        self, call: Call, asked: Asked, after: UUID | None, most: int
    ) -> tuple[list[Subscription], UUID | None]:
        """A page of the customer's subscriptions that have not ended, and after which one the next
        page begins."""
        catalogue = self.catalogues.current()
        party = await self.gate(NO_CONTRACT).party(call, asked, catalogue)
        mine = await self.subscriptions.list_subscriptions(
            party.customer.cbe_number, call.day, after, most + 1
        )
        page = [*mine[:most]]
        return page, page[-1].key if len(mine) > most else None

    async def locate(self, events: Sequence[Event], today: date) -> list[list[Told]]:
        """Who is to be told of each event, in the order of the events."""
        catalogue = self.catalogues.current()
        contracts = {event.contract for event in events}
        keys = subscribing.subscribers(contracts, catalogue)
        persons = {event.person for event in events}
        known = await self.dossiers.dossiers_of(persons, keys) if keys else {}
        found = [
            subscribing.concerned(event, known.get(event.person, ()), catalogue, today)
            for event in events
        ]
        grounds = await self._grounds({one for some in found for one, _ in some}, catalogue, today)
        return [
            [
                Told(one, qualities, subscribing.granted_fields(one.wish.fields, ground))
                for one, qualities in some
                if isinstance(ground := grounds[_ground(one, catalogue)], Granted)
                and set(qualities) <= ground.quality_codes
            ]
            for some in found
        ]

    async def preview(self, call: Call, event: Event, reason: str) -> list[Told]:
        """Who would be told of an event, for an operator; the trail has the reading first."""
        (told,) = await self.locate([event], call.day)
        entry = Entry(
            call,
            Stage.OUTCOME,
            permitted=True,
            person=event.person,
            contract=event.contract,
            status=status("MSG00000" if told else "MSG00100"),
            reading_reason=reason,
        )
        await self.gate(event.contract).trail.record(entry)
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
                        self.gate(contract).access.check(
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
