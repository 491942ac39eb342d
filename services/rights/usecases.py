"""What rights does: it decides, for granting bodies and for the persons themselves."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.admission import usecases as admission
from services.admission.model import Call
from services.concepts.citizen import Citizen
from services.concepts.ssin import Ssin
from services.rights.model.decision import Decision
from services.rights.model.people import (
    Decided,
    Freshness,
    Neighbourhoods,
    Question,
    Reasoned,
    Replacement,
    Supposed,
    Unusable,
)
from services.rights.rules.asking import unusable
from services.rights.rules.decide import Decider
from services.rights.rules.known import Prepared, prepare
from services.rights.rules.supposing import suppose
from services.rights.rules.telling import Teller


class Facts(Protocol):
    """What is known of persons."""

    async def neighbourhoods(self, persons: Collection[Ssin]) -> Neighbourhoods:
        """All that is known of persons and of those with whom they share or shared a household."""


class Told(Protocol):
    """Which verdicts granting bodies were told."""

    async def tell(self, told: Mapping[Question, Sequence[Decision]]) -> None:
        """Keep what is about to be told."""


@dataclass(frozen=True)
class Judge:
    """Decides on what is known, by one law: the same for everybody who asks."""

    decider: Decider
    teller: Teller

    def prepare(self, known: Neighbourhoods, persons: Collection[Ssin]) -> Prepared:
        """What is known, in columns."""
        return prepare(self.decider.law, known, persons)

    def decide(
        self, prepared: Prepared, person: Ssin, day: date, rights: Collection[str]
    ) -> tuple[Reasoned, ...]:
        """What comes of rights of a person on a day, in the order asked."""
        at = prepared.places[person]
        found = self.decider.decide(prepared.columns, at, day, rights)
        by_name = {one.right: one for one in found}
        return tuple(self._reasoned(prepared, by_name[name], day) for name in rights)

    def _reasoned(self, prepared: Prepared, decision: Decision, day: date) -> Reasoned:
        return Reasoned(
            self.decider.law.rights[decision.right],
            decision,
            tuple(prepared.facts[at] for at in decision.facts),
            self.teller.unmet(decision.unmet, day),
        )

    def sources(self, known: Neighbourhoods, rights: Collection[str]) -> tuple[Freshness, ...]:
        """When the sources that could say something of rights last told all that they have."""
        law = self.decider.law
        kinds = {kind for name in rights for kind in law.rights[name].facts}
        places = {place for kind in kinds for place in law.sources[law.facts[kind].source].fed_by}
        return tuple(
            Freshness(place, known.wholes[place])
            for place in sorted(places, key=lambda one: (one.sector, one.institution))
            if place in known.wholes
        )

    def warm(self, day: date) -> None:
        """Work out once what the first who asks would wait for: the plan of a day."""
        nobody = Ssin(0)
        known = Neighbourhoods((), (), {}, {})
        self.decide(self.prepare(known, {nobody}), nobody, day, self.on(day))

    def on(self, day: date) -> tuple[str, ...]:
        """The rights that are law on a day."""
        rights = self.decider.law.rights
        return tuple(
            name
            for name in sorted(rights)
            if any(version.holds_on(day) for version in rights[name].versions)
        )


@dataclass(frozen=True)
class Rights:
    """Answers granting bodies, which routing let in."""

    facts: Facts
    told: Told
    judge: Judge

    async def answer(self, questions: Sequence[Question | Unusable]) -> list[Decided | Unusable]:
        """What comes of each question, in order."""
        asked = [self._checked(one) for one in questions]
        usable = [one for one in asked if isinstance(one, Question)]
        if not usable:
            return [one for one in asked if isinstance(one, Unusable)]
        persons = {one.person for one in usable}
        known = await self.facts.neighbourhoods(persons)
        prepared = self.judge.prepare(known, persons)
        found = {
            one: self.judge.decide(prepared, one.person, one.day, one.rights) for one in usable
        }
        await self.told.tell(
            {one: [reasoned.decision for reasoned in told] for one, told in found.items()}
        )
        return [
            one
            if isinstance(one, Unusable)
            else Decided(found[one], self.judge.sources(known, one.rights))
            for one in asked
        ]

    def _checked(self, asked: Question | Unusable) -> Question | Unusable:
        if isinstance(asked, Unusable):
            return asked
        return unusable(self.judge.decider.law, asked) or asked


class Numbers(Protocol):
    """What became of numbers."""

    async def current(self, person: Ssin) -> Ssin:
        """The number that a person has today."""


@dataclass(frozen=True)
class Citizens:
    """Tells citizens, and nobody else, what the law says of their rights (GDPR, article 15)."""

    facts: Facts
    numbers: Numbers
    admission: admission.Citizens
    judge: Judge
    today: Callable[[], date]

    async def list_my_rights(
        self, call: Call, asking: Citizen, day: date | None
    ) -> tuple[date, Ssin, Decided]:
        """What the law says on a day, of whom."""
        return await self._told(call, asking, day, None)

    async def what_if(
        self, call: Call, asking: Citizen, day: date | None, supposed: Supposed
    ) -> tuple[date, Ssin, Decided]:
        """What the law would say if something were otherwise."""
        return await self._told(call, asking, day, supposed)

    async def _told(
        self, call: Call, asking: Citizen, day: date | None, supposed: Supposed | None
    ) -> tuple[date, Ssin, Decided]:
        ssin = await self.admission.admit(call, asking)
        on, person = day or self.today(), await self.numbers.current(ssin)
        known = await self.facts.neighbourhoods({person})
        if supposed is not None:
            known = suppose(self.judge.decider.law, known, person, supposed, on)
        prepared, rights = self.judge.prepare(known, {person}), self.judge.on(on)
        decided = self.judge.decide(prepared, person, on, rights)
        await self.admission.told(call, ssin, found=bool(decided))
        return on, person, Decided(decided, self.judge.sources(known, rights))


class Kept(Protocol):
    """What was told, as far as it has followed the numbers of its persons."""

    async def find_followed(self) -> int:
        """The last sequence that was applied."""

    async def follow(self, replacements: Sequence[Replacement]) -> int:
        """Move what is kept on replaced numbers, once each; the last sequence applied."""

    async def purge(self, today: date) -> int:
        """Delete what serves no more; how much, at most so much at once."""


class Replacements(Protocol):
    """What became of numbers, in order."""

    async def after(self, sequence: int) -> Sequence[Replacement]:
        """The next replacements, in order; none when all have been read."""


@dataclass(frozen=True)
class Keeping:
    """Keeps what was told on the numbers that persons have now, and no longer than it serves."""

    kept: Kept
    replacements: Replacements
    today: Callable[[], date]

    async def follow_replacements(self) -> int:
        """Apply what was replaced since; how many replacements were read."""
        read = await self.replacements.after(await self.kept.find_followed())
        if read:
            await self.kept.follow(read)
        return len(read)

    async def purge(self) -> int:
        """Delete what serves no more; how much."""
        return await self.kept.purge(self.today())
