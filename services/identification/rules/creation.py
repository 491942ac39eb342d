"""Whether a BIS number is made, and which.

Source: minimal identification data and search before creation (Flemish page on adding a person to
the BIS register); form of the number: official common schema. The race between two creations of the
same person is the store's to prevent.
"""

import calendar
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.sex import Sex
from services.concepts.ssin import Ssin, check_digits
from services.identification.model.persons import Given, Group, Identity, Proof, Register
from services.identification.model.searches import Candidate, Phonetic, Reason
from services.identification.rules.searching import ARGUMENT_INVALID, ARGUMENT_MISSING
from services.identification.rules.spelling import folded

LIKELY_THE_SAME = 80
"""The score from which a candidate may be the same person."""
TOLERANCE = 10
"""Days around a full date of birth in which the same person may be known."""
MOST_NATIONALITIES = 10
_HIGHEST = 999
_DAY_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Described:
    """A person as described for a creation."""

    last_name: str
    first_names: tuple[str, ...]
    birth: IncompleteDate | None
    sex: Sex | None
    groups: tuple[Given, ...]

    @property
    def by_group(self) -> Mapping[Group, Given]:
        """The groups that are given."""
        return {given.group: given for given in self.groups}


def anomalies(person: Described, today: date) -> list[Reason]:
    """What forbids a number, with the field; nothing if one can be made."""
    found = []
    if not person.last_name or not folded(person.last_name):
        found.append(_missing("person.name.last_name"))
    if person.birth is None:
        found.append(_missing("person.birth.date"))
        return found
    flaw = _date_flaw(person.birth, today)
    if flaw is not None:
        found.append(Reason(ARGUMENT_INVALID, "person.birth.date", flaw))
    decease = person.by_group.get(Group.DECEASE)
    if decease is not None and decease.valid_from is not None:
        died = decease.valid_from
        if _until(died) < _from(person.birth) or _from(died) > (today.year, today.month, today.day):
            wrong = "lies before the birth or in the future"
            found.append(Reason(ARGUMENT_INVALID, "person.decease.date", wrong))
    if not found and not _is_minimal(person):
        found.append(
            Reason(
                ARGUMENT_MISSING,
                "person",
                "needs full birth date, birth place and sex; or a residence abroad; or a contact "
                "address in Belgium",
            )
        )
    return found


def _missing(field: str) -> Reason:
    return Reason(ARGUMENT_MISSING, field, "is required")


def _date_flaw(birth: IncompleteDate, today: date) -> str | None:
    """A new number holds a day of the calendar that has come, in a century that it can tell."""
    if _from(birth) > (today.year, today.month, today.day):
        return "lies in the future"
    if not 1900 <= birth.year <= 2099:
        return "must be from 1900 on"
    if birth.day and birth.day > calendar.monthrange(birth.year, birth.month)[1]:
        return "must be a day of the calendar"
    return None


def _from(day: IncompleteDate) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _until(day: IncompleteDate) -> tuple[int, int, int]:
    return day.year, day.month or 99, day.day or 99


def _is_minimal(person: Described) -> bool:
    groups = person.by_group
    assert person.birth is not None
    place = groups[Group.BIRTH].content.get("place") if Group.BIRTH in groups else None
    if person.birth.day and place and person.sex is not None:
        return True
    abroad = groups.get(Group.ADDRESS)
    if abroad is not None and abroad.content.get("address", {}).get("country_code") not in (
        None,
        "150",
    ):
        return True
    contact = groups.get(Group.CONTACT_ADDRESS)
    return contact is not None and contact.content.get("address", {}).get("country_code") == "150"


def looked_for(person: Described) -> Phonetic:
    """The search that comes before a number."""
    first = person.first_names[0] if person.first_names else ""
    assert person.birth is not None
    tolerance = TOLERANCE if person.birth.day else 0
    return Phonetic(person.last_name, first, "", person.birth, tolerance, None)


def duplicates(found: Sequence[Candidate], seen: Collection[Ssin]) -> tuple[Candidate, ...]:
    """Who may be the same, if any of them was not shown yet."""
    same = tuple(one for one in found if one.score >= LIKELY_THE_SAME)
    return () if all(one.identity.ssin in seen for one in same) else same


def spaces(birth: IncompleteDate, sex: Sex | None, *, mock: bool) -> range:
    """The six digits that the number can begin with: sex known adds 40 to the month, else 20, and a
    mock number 60.

    Without a month the day field counts on when its numbers are spent, past 31 too.
    """
    offset = 60 if mock else 20 if sex is None else 40
    first = birth.year % 100 * 10_000 + (birth.month + offset) * 100 + birth.day
    return range(first, first + (1 if birth.month else _DAY_FIELDS))


def next_number(
    birth: IncompleteDate, sex: Sex | None, spaces: range, taken: Collection[int]
) -> Ssin | None:
    """The lowest number that is free from the last space on that has any; none when all are spent.

    `taken` holds the numbers of that last space.
    """
    step = 1 if sex is None else 2
    first = 2 if sex is Sex.FEMALE else 1
    century = birth.year // 100
    reached = max((number // 100_000 for number in taken), default=spaces.start)
    for six in range(reached, spaces.stop):
        for counter in range(first, _HIGHEST, step):
            nine = six * 1000 + counter
            made = nine * 100 + check_digits(nine, century)
            if made not in taken:
                return Ssin(made)
    return None


def identity(person: Described, ssin: Ssin, proof: Proof) -> Identity:
    """Who bears the new number."""
    assert person.birth is not None
    return Identity(
        ssin,
        person.last_name,
        person.first_names,
        person.birth,
        person.sex,
        Register.BIS,
        proof,
    )
