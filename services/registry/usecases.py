"""The registry: acts are prepared, decided, recorded by who follows, and in force.

The registry calls nobody. An act that widens waits until audit, which follows the acts, says that
the trail has it durably; one that withdraws does not wait.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.admission.errors import OrganizationUnknown
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.party import Certificate, find_caller
from services.concepts.reference import Organization, Reference
from services.registry.errors import (
    ActUnknown,
    ChangeRefused,
    OfficesMixed,
    RegistryEmpty,
)
from services.registry.model import Act, Actor, Change, Head, Listing, State
from services.registry.rules import acts, changes, contracts

MOST_UNRECORDED = 100
Decide = Callable[[Head, Sequence[Act]], tuple[Head, Sequence[Act]]]
"""Given what is in force and some acts: what is in force from now on, and the acts as they are."""


class Store(Protocol):
    """Keeps what is in force, and the acts that made it so."""

    async def head(self, known: bytes) -> Head:
        """What is in force; without its content if the digest is known."""

    async def update(self, act_ids: Collection[UUID], decide: Decide) -> Sequence[Act]:
        """Change what is in force and some acts, alone; the acts as they are kept then."""

    async def find(self, act_ids: Collection[UUID]) -> Sequence[Act]:
        """Acts by their identification, by sequence."""

    async def offices_of(self, person: str) -> tuple[bool, bool]:
        """Whether somebody has prepared acts, and whether decided what others prepared."""

    async def page(self, listing: Listing) -> Sequence[Act]:
        """Acts, the last first."""

    async def waiting_about(self, number: EnterpriseNumber) -> Sequence[Act]:
        """The acts about an organization that are not in force yet, by sequence."""

    async def unrecorded(self, most: int) -> Sequence[Act]:
        """Acts that are decided and not recorded, by sequence."""


class Form(Protocol):
    """Reads and writes reference data as they travel."""

    def read(self, head: Head) -> Reference: ...

    def write(self, reference: Reference) -> Head: ...


@dataclass(frozen=True, slots=True)
class Registry:
    """Keeps the reference data of the network."""

    store: Store
    form: Form
    lists: contracts.Lists
    now: Callable[[], datetime]

    async def snapshot(self, known: bytes) -> Head:
        """What is in force; without its content if the digest is known."""
        head = await self.store.head(known)
        if head.version == 0:
            raise RegistryEmpty
        return head

    async def prepare(self, act_id: UUID, wanted: Sequence[Change], actor: Actor) -> Act:
        """Prepare an act, moved on as far as it goes with one person."""
        acts.check_named(actor)
        if (await self.store.offices_of(actor.name))[1]:
            raise OfficesMixed
        if actor.is_forwarded:
            changes.check_forwarded(wanted)
        new = Act(act_id, tuple(wanted), State.PREPARED, actor.name, self.now())

        def decide(head: Head, known: Sequence[Act]) -> tuple[Head, Sequence[Act]]:
            if known:
                acts.check_same(known[0], new)
                return head, known
            reference = self.form.read(head)
            after = changes.apply_change(wanted, reference, self.lists)
            begun = acts.begin_act(new, changes.need(wanted, reference))
            if begun.state is not State.IN_FORCE:
                return head, [begun]
            return self.form.write(after), [replace(begun, version=after.version)]

        (kept,) = await self.store.update([act_id], decide)
        return kept

    async def decide(self, act_id: UUID, actor: Actor, *, approved: bool) -> Act:
        """Say yes or no to an act, as a second person."""
        acts.check_named(actor)
        has_prepared = (await self.store.offices_of(actor.name))[0]

        def decide(head: Head, known: Sequence[Act]) -> tuple[Head, Sequence[Act]]:
            if not known:
                raise ActUnknown
            moved = acts.decide_act(known[0], actor, self.now(), approved=approved)
            if has_prepared:
                raise OfficesMixed
            if approved:
                changes.apply_change(moved.changes, self.form.read(head), self.lists)
            return head, [moved]

        (kept,) = await self.store.update([act_id], decide)
        return kept

    async def list(self, listing: Listing) -> Sequence[Act]:
        """A page of acts, the last first."""
        return await self.store.page(listing)

    async def own_entry(self, certificate: Certificate) -> tuple[Organization, Sequence[Act]]:
        """What is kept of an organization, and the acts about it that wait."""
        own = await self._own(certificate)
        return own, await self.store.waiting_about(own.cbe_number)

    async def prepare_own(
        self, act_id: UUID, wanted: Sequence[Change], certificate: Certificate
    ) -> Act:
        """Prepare a change of an organization's own entry."""
        own = await self._own(certificate)
        changes.check_own(wanted, own.cbe_number)
        return await self.prepare(act_id, wanted, Actor(own.cbe_number.digits))

    async def unrecorded(self) -> Sequence[Act]:
        """What is decided and not recorded."""
        return await self.store.unrecorded(MOST_UNRECORDED)

    async def confirm(self, act_ids: Collection[UUID]) -> None:
        """The trail has acts: what waited for that takes effect, each by itself, in order."""

        def decide(head: Head, known: Sequence[Act]) -> tuple[Head, Sequence[Act]]:
            if len(known) < len(set(act_ids)):
                raise ActUnknown
            kept = {one.act_id: replace(one, recorded=True) for one in known}
            for act in acts.waiting(kept.values()):
                try:
                    after = changes.apply_change(act.changes, self.form.read(head), self.lists)
                except ChangeRefused as refused:
                    # What it is about changed meanwhile; who prepared it reads so.
                    kept[act.act_id] = replace(act, state=State.FAILED, failure=refused.reason())
                    continue
                head = self.form.write(after)
                kept[act.act_id] = replace(act, state=State.IN_FORCE, version=after.version)
            return head, list(kept.values())

        await self.store.update(act_ids, decide)

    async def _own(self, certificate: Certificate) -> Organization:
        head = await self.snapshot(b"")
        reference = await asyncio.to_thread(self.form.read, head)
        own = find_caller(
            certificate.organization, certificate.public_key_sha256, reference.organizations
        )
        if own is None:
            raise OrganizationUnknown
        return own
