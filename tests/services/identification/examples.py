"""Mock numbers, and what is kept of them."""

from datetime import UTC, datetime
from uuid import UUID

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.resolved_ssin import SsinState
from services.concepts.ssin import Ssin
from services.identification.model.numbers import Person
from services.identification.model.replacements import Kept, Replacement, Standing

MARC = Ssin(71713000318)
SAM_BEFORE = Ssin(95661501156)
SAM = Ssin(95661501255)
GEORGES = Ssin(39620200524)
JAN = Ssin(90651803128)
NOBODY = Ssin(99600000470)

DIED = IncompleteDate(2025, 2, 0)
PERSONS = (
    Person(MARC, SsinState.ACTIVE),
    Person(SAM_BEFORE, SsinState.REPLACED, replaced_by=SAM),
    Person(SAM, SsinState.ACTIVE),
    Person(GEORGES, SsinState.ACTIVE, deceased_on=DIED),
    Person(JAN, SsinState.CANCELED),
)


class FakeStore:
    """Keeps persons in a dictionary."""

    def __init__(self, persons=PERSONS):
        self.persons = {person.ssin: person for person in persons}

    async def ends_of(self, ssins):
        return {ssin: self._end(ssin) for ssin in ssins if ssin in self.persons}

    def _end(self, ssin):
        person = self.persons[ssin]
        while person.replaced_by in self.persons:
            person = self.persons[person.replaced_by]
        return person


class FakeReplacements:
    """Replaces numbers in a FakeStore, and remembers in which order."""

    def __init__(self, store=None):
        self.store = store or FakeStore()
        self.done = []
        self.witnessed = 0
        for old, new in ((GEORGES, MARC), (SAM_BEFORE, SAM)):
            self._add(old, new)
        self.untold_from = 0

    def _add(self, old, new):
        at = len(self.done) + 1
        done = Replacement(at, UUID(int=at), old, new, datetime(2026, 3, 31, tzinfo=UTC))
        self.done.append(done)
        return done

    async def replace(self, old, new, decide, witness):
        persons = self.store.persons
        ends = await self.store.ends_of({new})
        last = decide(Standing(persons.get(old), ends.get(new), self._before(old)))
        if isinstance(last, Kept):
            return last
        await witness()
        persons[old] = Person(old, SsinState.REPLACED, replaced_by=last)
        return self._add(old, last)

    def _before(self, ssin):
        before = [one.ssin for one in self.store.persons.values() if one.replaced_by == ssin]
        return max((1 + self._before(one) for one in before), default=0)

    async def replacements(self, after, most):
        return [one for one in self.done if one.sequence > after][:most]

    async def list_untold(self, most):
        return self.done[self.untold_from :][:most]

    async def mark_told(self, replacement):
        self.untold_from = max(self.untold_from, replacement.sequence)
