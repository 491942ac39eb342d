"""Examines decisions: explains one, tries a draft on what was really asked, replays the logged."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, Protocol

from services.access.model import (
    Asked,
    Comparison,
    Criteria,
    Deliberation,
    Draft,
    Explanation,
    Granted,
    Holdings,
    Logged,
    Outcome,
    Question,
    Replayed,
)
from services.access.rules import comparisons, explanations
from services.access.rules.decisions import decide, kept_to
from services.access.rules.replays import outcome_of
from services.access.rules.snapshots import Snapshot, compile_snapshot, revision_of
from services.access.usecases.decisions import Access, Form
from services.access.usecases.register import Register
from services.access.usecases.sampling import Sample
from services.concepts.failures import invalid

SAMPLE = 20_000
"""How many distinct questions of the sample a dry run asks, the most frequent first."""
RESTORED = 4
"""How many restored sets are kept at hand for replays."""


class Present(Protocol):
    """Holds the deliberations as they are."""

    async def holdings(self) -> Holdings: ...


class History(Protocol):
    """Restores what the deliberations once were."""

    async def of_number(self, number: str) -> Sequence[Deliberation]: ...

    async def holdings_at(self, revision: int) -> Holdings: ...


@dataclass(frozen=True, slots=True)
class Examinations:
    """Looks at decisions from outside; changes none."""

    access: Access
    register: Register
    present: Present
    history: History
    sample: Sample
    form: Form
    today: Callable[[], date]
    restored: OrderedDict[str, Snapshot] = field(default_factory=OrderedDict)

    async def explain(
        self, question: Question, criteria: Criteria | None, day: date | None
    ) -> Explanation:
        """The decision about a question with these criteria, with its reasons."""
        on = day or self.today()
        snapshot = self.access.current().snapshot
        asked_with = self._read(question, criteria)
        decision = kept_to(decide(question, snapshot, on), asked_with)
        named = decision.act if isinstance(decision, Granted) else decision.nearest
        act = None
        if named is not None:
            texts = await self.history.of_number(named.number)
            act = next(one for one in texts if one.version == named.version)
        tried = explanations.explain(question, decision, act, on)
        return Explanation(decision, tried, act, snapshot.version)

    def _read(self, question: Question, criteria: Criteria | None) -> Any:
        if criteria is None:
            return None
        try:
            return self.register.contracts.read_criteria(
                question.contract, criteria.type_name, criteria.content
            )
        except ValueError as unreadable:
            raise invalid("criteria", str(unreadable)) from None

    async def dry_run(self, draft: Draft) -> Comparison:
        """What the draft would change, had it been in force when the sample was asked."""
        await self.register.validate(draft, proposal=False)
        held = await self.present.holdings()
        text = comparisons.in_force(draft.text)
        others = [
            one
            for one in held.deliberations
            if (one.number, one.version) != (text.number, text.version)
        ]
        day = max(self.today(), text.validity.begin)
        found = await self.sample.most_asked(SAMPLE)

        def compare() -> Comparison:
            sample = [
                Asked(self.form.question(question, "asked"), asked_on, times)
                for asked_on, question, times in found
            ]
            without, including = (
                compile_snapshot(held.deliberations),
                compile_snapshot([*others, text]),
            )
            return comparisons.compare(sample, without, including, day)

        # Beside the loop: decisions go on while thousands of texts are compiled.
        return await asyncio.to_thread(compare)

    async def replay(self, logged: Sequence[Logged]) -> list[Replayed]:
        """Each logged decision taken once more on its set, in order."""
        replayed: dict[int, Replayed] = {}
        # Set by set: each is restored once, however they are mixed.
        by_set = sorted(range(len(logged)), key=lambda at: logged[at].snapshot_version)
        for version, places in groupby(by_set, key=lambda at: logged[at].snapshot_version):
            snapshot = await self._restored(version)
            for at in places:
                replayed[at] = _replayed(logged[at], snapshot)
        return [replayed[at] for at in range(len(logged))]

    async def _restored(self, version: str) -> Snapshot | None:
        known = self.restored.get(version)
        if known is not None:
            self.restored.move_to_end(version)
            return known
        revision = revision_of(version)
        if revision is None:
            return None
        held = await self.history.holdings_at(revision)
        snapshot = await asyncio.to_thread(compile_snapshot, held.deliberations, revision)
        # The digest proves that what was recorded is what was decided on.
        if snapshot.version != version:
            return None
        self.restored[version] = snapshot
        while len(self.restored) > RESTORED:
            self.restored.popitem(last=False)
        return snapshot


def _replayed(logged: Logged, snapshot: Snapshot | None) -> Replayed:
    if snapshot is None:
        return Replayed(Outcome.SET_UNKNOWN, None)
    decision = decide(logged.question, snapshot, logged.day)
    return Replayed(outcome_of(logged, decision), decision)
