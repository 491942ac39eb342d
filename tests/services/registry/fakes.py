"""The registry's store in memory."""

from dataclasses import replace

from services.registry.model import Head, State
from services.registry.rules.changes import about


class FakeStore:
    """Acts in the order of preparation, and what is in force."""

    def __init__(self):
        self._head = Head()
        self._acts = {}

    async def head(self, known):
        head = self._head
        return replace(head, content=b"") if head.digest == known else head

    async def update(self, act_ids, decide):
        after, acts = decide(self._head, await self.find(act_ids))
        self._head = after
        for act in acts:
            kept = self._acts.get(act.act_id)
            sequence = len(self._acts) + 1 if kept is None else kept.sequence
            self._acts[act.act_id] = replace(act, sequence=sequence)
        return await self.find(act_ids)

    async def find(self, act_ids):
        return [one for one in self._acts.values() if one.act_id in set(act_ids)]

    async def offices_of(self, person):
        acts = self._acts.values()
        return (
            any(one.prepared_by == person for one in acts),
            any(one.decided_by == person != one.prepared_by for one in acts),
        )

    async def page(self, listing):
        found = [
            one
            for one in reversed(self._acts.values())
            if one.sequence < listing.before
            and (not listing.waiting_only or one.state is State.PREPARED)
        ]
        return found[: listing.most]

    async def waiting_about(self, number):
        return [
            one
            for one in self._acts.values()
            if one.state in (State.PREPARED, State.APPROVED) and number in about(one.changes)
        ]

    async def unrecorded(self, most):
        found = [
            one
            for one in self._acts.values()
            if not one.recorded and one.state is not State.PREPARED
        ]
        return found[:most]
