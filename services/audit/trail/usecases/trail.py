"""Adding records and listing them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from services.audit.errors import MonthOver, ReplacementDiffers
from services.audit.trail.model import (
    Entry,
    HiddenReplacement,
    Inquiry,
    Kept,
    Listed,
    Replacement,
    Row,
    Search,
    SubjectKey,
)
from services.audit.trail.usecases.pages import each, fill_page
from services.audit.trail.usecases.ports import (
    Month,
    Months,
    Places,
    Records,
    Replacements,
    Subjects,
)
from services.concepts.ssin import Ssin

MOST_NUMBERS = 64
"""How many numbers of one person are followed: nobody has a dozen, and a mistake must not lead to
the trail of everybody."""

WALKED_AT_ONCE = 1000
"""How many records of a person are looked at before the next are asked for."""

ATTEMPTS = 3
"""How often records are made anew because a month ended meanwhile."""


@dataclass(frozen=True)
class Trail:
    """Adds records and lists them."""

    records: Records
    replacements: Replacements
    months: Months
    subjects: Subjects
    places: Places
    check_open: Callable[[], None] = lambda: None
    """Fails while nothing may be recorded: LogStandsStill."""

    async def record(self, entries: Sequence[Entry]) -> None:
        """Make the entries durable; all of them, or none if it fails."""
        self.check_open()
        for attempt in range(1, ATTEMPTS + 1):
            month = await self.months.current()
            try:
                await self.records.add(month.month, [_hidden(entry, month) for entry in entries])
            except MonthOver:
                if attempt == ATTEMPTS:
                    raise
                await self.months.renew()
            else:
                return

    async def record_replacement(self, replacement: Replacement) -> None:
        """Make a replacement durable; ReplacementDiffers if its event was another one."""
        event = replacement.event_id
        hidden = HiddenReplacement(
            event,
            self.subjects.hide(replacement.old, event),
            self.subjects.hide(replacement.new, event),
            replacement.occurred_at,
        )
        kept = self._revealed(await self.replacements.add_replacement(hidden))
        if kept != (replacement.old, replacement.new):
            raise ReplacementDiffers

    async def list_exchanges(
        self, inquiry: Inquiry, shows: Callable[[Kept], bool] = lambda kept: True
    ) -> Listed:
        """A page of the records that may be shown; that they were read is durable before."""
        if inquiry.reading is not None:
            await self.record([inquiry.reading])
        found: Callable[[int, int], Awaitable[Sequence[Kept]]]
        match inquiry.about:
            case Ssin() as person:
                found = partial(self.records.of_subject, await self.keys_of(person))
            case Search() as search:
                found = partial(self.records.of_search, search)
            case ticket:
                found = partial(self.records.of_ticket, ticket)
        shown, next_after = await fill_page(found, inquiry.page, each(shows))
        indexes = await self.places.indexes([one.sequence for one in shown])
        return Listed(shown, next_after, indexes)

    async def records_about(self, person: Ssin, since_month: int) -> AsyncIterator[Kept]:
        """All records about a person from a month on, in the order of recording."""
        keys = [key for key in await self.keys_of(person) if key.month >= since_month]
        after = 0
        while found := await self.records.of_subject(keys, after, WALKED_AT_ONCE):
            for kept in found:
                yield kept
            after = found[-1].sequence

    async def keys_of(self, person: Ssin) -> list[SubjectKey]:
        """What the records of all numbers that the person has had are found by."""
        months = await self.months.all()
        numbers = await self.numbers_of(person)
        return [
            SubjectKey(month.month, month.key_of(number)) for month in months for number in numbers
        ]

    async def numbers_of(self, person: Ssin) -> list[Ssin]:
        """All numbers that the person has had."""
        numbers, unasked = {person}, [person]
        while unasked and len(numbers) < MOST_NUMBERS:
            keys = [key for number in unasked for key in self.subjects.keys_of(number)]
            linked = await self.replacements.replacements_of(keys, MOST_NUMBERS)
            found = {number for one in linked for number in self._revealed(one)}
            unasked = sorted(found - numbers)[: MOST_NUMBERS - len(numbers)]
            numbers.update(unasked)
        return sorted(numbers)

    def _revealed(self, hidden: HiddenReplacement) -> tuple[Ssin, Ssin]:
        reveal, event = self.subjects.reveal, hidden.event_id
        return reveal(hidden.old, event), reveal(hidden.new, event)


def _hidden(entry: Entry, month: Month) -> Row:
    subject, user = entry.subject, entry.user
    return Row(
        entry,
        None if subject is None else month.hide(subject, entry.record_id),
        month.hide_user(user, entry.record_id) if user else None,
        month.hide_enterprise(entry.enterprise, entry.record_id) if entry.enterprise else b"",
    )
