"""What the buffer does: it says which statuses apply, and how fresh its feeds are."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.admission import usecases as admission
from services.admission.model import Call
from services.buffer import rules
from services.buffer.model import (
    Definitions,
    Fact,
    FactPosition,
    FedFact,
    Feed,
    FeedKey,
    Neighbourhoods,
    Question,
    Replacement,
    StatusResult,
)
from services.concepts.citizen import Citizen
from services.concepts.ssin import Ssin


class Store(Protocol):
    """What is kept of facts; load jobs write it."""

    async def facts_of(
        self, persons: Collection[Ssin], today: date
    ) -> Mapping[Ssin, Sequence[Fact]]:
        """The facts on these persons that have not expired; who has none is absent."""

    async def feeds(self, after: FeedKey | None, most: int, today: date) -> Sequence[Feed]:
        """Feeds in the order of their keys, after one of them."""

    async def neighbourhoods(self, persons: Collection[Ssin], today: date) -> Neighbourhoods:
        """What is known of persons and of those with whom they share or shared a household."""


@dataclass(frozen=True)
class Buffer:
    """Answers the questions of the service's RPCs."""

    store: Store
    definitions: Callable[[date], Definitions]
    day: Callable[[datetime | None], date]
    """The day to answer on, of a question that the mesh received at an instant, or now."""

    async def answer(self, questions: Sequence[Question]) -> list[tuple[StatusResult, ...] | None]:
        """Which statuses apply, in the order of the questions; nothing where nothing is kept."""
        days = [self.day(question.asked_at) for question in questions]
        facts = await self.store.facts_of({question.person for question in questions}, min(days))
        return [
            self._answer(question, facts.get(question.person, ()), day)
            for question, day in zip(questions, days, strict=True)
        ]

    def _answer(
        self, question: Question, facts: Sequence[Fact], day: date
    ) -> tuple[StatusResult, ...] | None:
        usable = rules.usable(facts, day)
        return rules.decide(question, usable, self.definitions(day)) if usable else None

    async def list_feeds(
        self, after: FeedKey | None, most: int
    ) -> tuple[Sequence[Feed], FeedKey | None]:
        """A page of feeds, and after which one the next page begins, if there is one."""
        found = await self.store.feeds(after, most + 1, self.day(None))
        shown = found[:most]
        return shown, shown[-1].key if len(found) > most else None

    async def list_neighbourhoods(self, persons: Collection[Ssin]) -> Neighbourhoods:
        """What the rights of persons are decided on."""
        return await self.store.neighbourhoods(persons, self.day(None))


class Kept(Protocol):
    """What is kept on persons."""

    async def facts_of(
        self, persons: Collection[Ssin], today: date
    ) -> Mapping[Ssin, Sequence[Fact]]: ...

    async def successor_of(self, person: Ssin) -> Ssin | None: ...


@dataclass(frozen=True)
class Citizens:
    """Tells citizens, and nobody else, which facts are kept about them (GDPR, article 15)."""

    store: Kept
    admission: admission.Citizens

    async def list_my_facts(
        self, call: Call, asking: Citizen, after: FactPosition | None, most: int
    ) -> tuple[Sequence[FedFact], FactPosition | None]:
        """A page of the facts on a person, and after which one the next page begins."""
        ssin = await self.admission.admit(call, asking)
        numbers = {ssin, await self.store.successor_of(ssin) or ssin}
        # What has expired is kept, too, until the next load deletes it.
        known = await self.store.facts_of(numbers, date.min)
        page = rules.page(known, after, most)
        await self.admission.told(call, ssin, found=bool(page[0]))
        return page


class Moves(Protocol):
    """What is kept on persons, as far as it has followed their numbers."""

    async def find_followed(self) -> int:
        """The last sequence that was applied."""

    async def follow(self, replacements: Sequence[Replacement]) -> int:
        """Move what is kept on replaced numbers, once each; the last sequence applied."""


class Replacements(Protocol):
    """What became of numbers, in order."""

    async def after(self, sequence: int) -> Sequence[Replacement]:
        """The next replacements, in order; none when all have been read."""


@dataclass(frozen=True)
class Following:
    """Keeps what is kept on persons on the numbers that they have now."""

    moves: Moves
    replacements: Replacements

    async def follow_replacements(self) -> int:
        """Apply what was replaced since; how many replacements were read."""
        read = await self.replacements.after(await self.moves.find_followed())
        if read:
            await self.moves.follow(read)
        return len(read)
