"""What the trail does: it adds, and it shows to who says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.audit import rules
from services.audit.errors import ReplacementDiffers
from services.audit.model import (
    Entry,
    HiddenReplacement,
    HiddenSubject,
    Inquiry,
    Kept,
    Replacement,
    Row,
)
from services.concepts.ssin import Ssin

MOST_NUMBERS = 64
"""How many numbers of one person are followed: nobody has a dozen, and a mistake must not lead to
the trail of everybody."""


class Store(Protocol):
    """What is kept, for ever."""

    async def add(self, rows: Sequence[Row]) -> None:
        """Make the records durable in one transaction, those that are there already left as is."""

    async def of_ticket(self, ticket: UUID, after: int, most: int) -> Sequence[Kept]:
        """The records of an exchange, in the order of recording."""

    async def of_subject(self, keys: Sequence[bytes], after: int, most: int) -> Sequence[Kept]:
        """The records about a person, in the order of recording."""

    async def add_replacement(self, replacement: HiddenReplacement) -> HiddenReplacement:
        """Make a replacement durable; what is kept of its event."""

    async def replacements_of(
        self, keys: Sequence[bytes], most: int
    ) -> Sequence[HiddenReplacement]:
        """The replacements that a number with one of these keys had a part in."""


class Subjects(Protocol):
    """How persons are hidden."""

    def hide(self, subject: Ssin, record_id: UUID) -> HiddenSubject:
        """The person as one record holds it."""

    def keys_of(self, subject: Ssin) -> Sequence[bytes]:
        """What the person's records are found by."""

    def reveal(self, hidden: HiddenSubject, record_id: UUID) -> Ssin:
        """The person that is hidden under an identification."""


@dataclass(frozen=True)
class Trail:
    """Adds records and lists them."""

    store: Store
    subjects: Subjects

    async def record(self, entries: Sequence[Entry]) -> None:
        """Make the entries durable; all of them, or none if it fails."""
        await self.store.add([_hidden(entry, self.subjects) for entry in entries])

    async def record_replacement(self, replacement: Replacement) -> None:
        """Make a replacement durable; ReplacementDiffers if its event was another one."""
        event = replacement.event_id
        hidden = HiddenReplacement(
            event,
            self.subjects.hide(replacement.old, event),
            self.subjects.hide(replacement.new, event),
            replacement.occurred_at,
        )
        kept = self._revealed(await self.store.add_replacement(hidden))
        if kept != (replacement.old, replacement.new):
            raise ReplacementDiffers

    async def list_exchanges(self, inquiry: Inquiry) -> tuple[Sequence[Kept], int | None]:
        """A page of records, and where the next begins; that they were read is durable before."""
        if inquiry.reading is not None:
            await self.record([inquiry.reading])
        after, most = inquiry.page.after, inquiry.page.most + 1
        if isinstance(inquiry.about, Ssin):
            keys = await self._keys(inquiry.about)
            found = await self.store.of_subject(keys, after, most)
        else:
            found = await self.store.of_ticket(inquiry.about, after, most)
        return rules.cut(found, inquiry.page)

    async def _keys(self, person: Ssin) -> list[bytes]:
        """What the records of all numbers that the person has had are found by."""
        numbers, unasked = {person}, [person]
        while unasked and len(numbers) < MOST_NUMBERS:
            keys = [key for number in unasked for key in self.subjects.keys_of(number)]
            linked = await self.store.replacements_of(keys, MOST_NUMBERS)
            found = {number for one in linked for number in self._revealed(one)}
            unasked = sorted(found - numbers)[: MOST_NUMBERS - len(numbers)]
            numbers.update(unasked)
        return [key for number in sorted(numbers) for key in self.subjects.keys_of(number)]

    def _revealed(self, hidden: HiddenReplacement) -> tuple[Ssin, Ssin]:
        reveal, event = self.subjects.reveal, hidden.event_id
        return reveal(hidden.old, event), reveal(hidden.new, event)


def _hidden(entry: Entry, subjects: Subjects) -> Row:
    subject = entry.subject
    return Row(entry, None if subject is None else subjects.hide(subject, entry.record_id))
