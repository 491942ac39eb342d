"""What is searched, and who may be meant.

Source: identification service of the bank (SSDN), types SearchCriteria and PhoneticCriteria: a
number or phonetic criteria; the unit of the tolerance follows what is known of the date; at most 80
are asked for.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from services.concepts.incomplete_date import IncompleteDate
from services.identification.model.persons import Identity
from services.identification.model.searches import (
    AddressCriteria,
    Candidate,
    Likely,
    NameForm,
    Phonetic,
    Reason,
    Search,
    Window,
)
from services.identification.rules import spelling

LARGEST_TOLERANCE = 10
LARGEST_MAXIMUM = 80
LONGEST_NAME = 48
LEAST_ALIKE = 0.72
"""Names less alike than this are not meant."""
MOST_NAMES = 48
"""Names that are looked up of those that may be meant: the likeliest."""

EXCHANGED = 0.96
"""What is left of a score when first and last name had to be exchanged for it."""

CRITERIA_IGNORED = "21007001"
ARGUMENT_MISSING = "31000007"
TOLERANCE_MISSING = "31009001"
ARGUMENT_INVALID = "31000008"
"""Ours: the published lists name no code for an argument that is there and cannot be used."""


def faults(search: Search) -> list[Reason]:
    """What forbids the search, with the field; nothing if it can be done."""
    if not 1 <= search.maximum <= LARGEST_MAXIMUM:
        return [Reason(ARGUMENT_INVALID, "maximum", f"must be 1 to {LARGEST_MAXIMUM}")]
    if search.ssin is not None:
        return []
    if search.phonetic is not None and search.address is not None:
        return [Reason(ARGUMENT_INVALID, "address", "cannot be joined with phonetic criteria")]
    if search.phonetic is not None:
        return _phonetic_faults(search.phonetic)
    if search.address is not None:
        return _address_faults(search.address)
    return [Reason(ARGUMENT_MISSING, "ssin", "a number, phonetic criteria or an address")]


def warnings(search: Search) -> list[Reason]:
    """What the search does not look at."""
    if search.ssin is None or (search.phonetic is None and search.address is None):
        return []
    ignored = "phonetic" if search.phonetic is not None else "address"
    return [Reason(CRITERIA_IGNORED, ignored, "is ignored beside a number")]


def _phonetic_faults(asked: Phonetic) -> list[Reason]:
    found = []
    if not asked.last_name:
        found.append(Reason(ARGUMENT_MISSING, "phonetic.last_name", "is required"))
    if asked.birth is None:
        found.append(Reason(ARGUMENT_MISSING, "phonetic.birth_date", "is required"))
    elif asked.birth.day == 0 and asked.tolerance is None:
        found.append(
            Reason(TOLERANCE_MISSING, "phonetic.tolerance", "is required with an incomplete date")
        )
    if asked.tolerance is not None and asked.tolerance > LARGEST_TOLERANCE:
        most = f"must be 0 to {LARGEST_TOLERANCE}"
        found.append(Reason(ARGUMENT_INVALID, "phonetic.tolerance", most))
    for field in ("last_name", "first_name", "middle_name"):
        name = getattr(asked, field)
        if len(name) > LONGEST_NAME or (name and not spelling.folded(name)):
            most = f"must be at most {LONGEST_NAME} characters, with letters"
            found.append(Reason(ARGUMENT_INVALID, f"phonetic.{field}", most))
    return found


def _address_faults(asked: AddressCriteria) -> list[Reason]:
    found = [
        Reason(ARGUMENT_MISSING, f"address.{field}", "is required")
        for field in ("postal_code", "street_name")
        if not getattr(asked, field)
    ]
    bounds = {"postal_code": 15, "street_name": 128, "house_number": 10, "box": 10}
    found += [
        Reason(ARGUMENT_INVALID, f"address.{field}", f"must be at most {most} printable characters")
        for field, most in bounds.items()
        if len(getattr(asked, field)) > most or not getattr(asked, field).isprintable()
    ]
    if asked.street_name and not spelling.folded(asked.street_name):
        found.append(Reason(ARGUMENT_INVALID, "address.street_name", "must have letters"))
    code = asked.country_code
    if code and not (len(code) == 3 and code.isascii() and code.isdigit()):
        found.append(Reason(ARGUMENT_INVALID, "address.country_code", "must be 3 digits"))
    return found


def window(birth: IncompleteDate, tolerance: int) -> Window:
    """The days of birth that count: a tolerance around a date, in the unit of what is known."""
    exact = _number(birth)
    if birth.month == 0:
        first, last = birth.year - tolerance, birth.year + tolerance
        # Whoever is born in one of these years counts, however little more is known.
        return Window(first * 10_000, last * 10_000 + 1231, (), exact)
    if birth.day == 0:
        first, last = _months(birth, -tolerance), _months(birth, tolerance)
        years = {first // 100, last // 100}
        return Window(
            first * 100, last * 100 + 31, tuple(sorted(year * 10_000 for year in years)), exact
        )
    begin, end = _day(birth, -tolerance), _day(birth, tolerance)
    months = {begin.year * 100 + begin.month, end.year * 100 + end.month}
    years = {begin.year, end.year}
    incomplete = {month * 100 for month in months} | {year * 10_000 for year in years}
    # Registers hold days that no calendar has: the very day that was asked counts too.
    first, last = min(_of(begin), exact), max(_of(end), exact)
    return Window(first, last, tuple(sorted(incomplete)), exact)


def _number(day: IncompleteDate) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _of(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _months(birth: IncompleteDate, offset: int) -> int:
    """yyyymm, so many months on."""
    year, month = divmod(birth.year * 12 + birth.month - 1 + offset, 12)
    return year * 100 + month + 1


def _day(birth: IncompleteDate, offset: int) -> date:
    """A calendar day so many days on, from the last of the month for days beyond it."""
    last = calendar.monthrange(birth.year, birth.month)[1]
    try:
        return date(birth.year, birth.month, min(birth.day, last)) + timedelta(days=offset)
    except OverflowError:
        return date(birth.year, birth.month, min(birth.day, last))


def likely(asked: str, forms: Iterable[NameForm]) -> Likely:
    """The names that may be meant by a folded name, the likeliest first."""
    scores = [(form.name_id, spelling.likeness(asked, form.folded)) for form in forms]
    meant = sorted((one for one in scores if one[1] >= LEAST_ALIKE), key=lambda one: -one[1])
    return Likely(tuple(meant[:MOST_NAMES]))


def rank(
    asked: Phonetic, found: Sequence[Candidate], maximum: int
) -> tuple[tuple[Candidate, ...], bool]:
    """The candidates, each once, the likeliest first, and whether there are more than asked for."""
    best: dict[int, Candidate] = {}
    for candidate in found:
        one = _with_middle_name(asked, candidate)
        number = one.identity.ssin.number
        if number not in best or best[number].score < one.score:
            best[number] = one
    ordered = sorted(best.values(), key=lambda one: (-one.score, one.identity.ssin))
    return tuple(ordered[:maximum]), len(ordered) > maximum


def _with_middle_name(asked: Phonetic, candidate: Candidate) -> Candidate:
    """A further first name that fits raises the score, one that does not lowers it."""
    if not asked.middle_name:
        return candidate
    wanted = spelling.folded(asked.middle_name)
    others = candidate.identity.first_names[1:]
    alike = max((spelling.likeness(wanted, spelling.folded(one)) for one in others), default=0.5)
    return replace(candidate, score=round(0.95 * candidate.score + 5 * alike))


def certain(identity: Identity) -> Candidate:
    """A person who was named by number."""
    return Candidate(identity, 100)
