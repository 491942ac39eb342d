"""Mock numbers, and what is kept of them."""

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.ssin import Ssin
from services.identification.model import Person, SsinState

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
