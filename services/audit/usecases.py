"""What the trail does: it adds, and it shows to who says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.audit import rules
from services.audit.model import Entry, HiddenSubject, Inquiry, Kept, Row
from services.concepts.ssin import Ssin


class Store(Protocol):
    """What is kept, for ever."""

    async def add(self, rows: Sequence[Row]) -> None:
        """Make the records durable in one transaction, those that are there already left as is."""

    async def of_ticket(self, ticket: UUID, after: int, most: int) -> Sequence[Kept]:
        """The records of an exchange, in the order of recording."""

    async def of_subject(self, keys: Sequence[bytes], after: int, most: int) -> Sequence[Kept]:
        """The records about a person, in the order of recording."""


class Subjects(Protocol):
    """How persons are hidden."""

    def hide(self, subject: Ssin, record_id: UUID) -> HiddenSubject:
        """The person as one record holds it."""

    def keys_of(self, subject: Ssin) -> Sequence[bytes]:
        """What the person's records are found by."""


@dataclass(frozen=True)
class Trail:
    """Adds records and lists them."""

    store: Store
    subjects: Subjects

    async def record(self, entries: Sequence[Entry]) -> None:
        """Make the entries durable; all of them, or none if it fails."""
        await self.store.add([_hidden(entry, self.subjects) for entry in entries])

    async def list_exchanges(self, inquiry: Inquiry) -> tuple[Sequence[Kept], int | None]:
        """A page of records, and where the next begins; that they were read is durable before."""
        if inquiry.reading is not None:
            await self.record([inquiry.reading])
        after, most = inquiry.page.after, inquiry.page.most + 1
        if isinstance(inquiry.about, Ssin):
            keys = self.subjects.keys_of(inquiry.about)
            found = await self.store.of_subject(keys, after, most)
        else:
            found = await self.store.of_ticket(inquiry.about, after, most)
        return rules.cut(found, inquiry.page)


def _hidden(entry: Entry, subjects: Subjects) -> Row:
    subject = entry.subject
    return Row(entry, None if subject is None else subjects.hide(subject, entry.record_id))
