"""Officials who ask about whom they know, and those who only seem to."""

import random
from datetime import date, timedelta

from services.audit.oversight.model import NOT_A_CLIENT, Code, Kind, Step
from tests.bench.year.diary import DAYS, Diary
from tests.bench.year.institutions import PERSONS, Institution, age_of, is_dead
from tests.bench.year.ordinary import at_work
from tests.bench.year.tempting import office_day

EACH = 40
MAJORITY = 18
PROGRAM = PERSONS
"""Nobody's number."""
REFUSED = {"is_permitted": False, "reason": NOT_A_CLIENT}


def misuse_by_staff(them: list[Institution], diary: Diary, chance: random.Random) -> None:
    """So many cases of each kind, at any institution."""
    for _ in range(EACH):
        for commit in (_asks_about_himself, _pries, _returns, _digs):
            one = chance.choice(them)
            commit(one, chance.randrange(one.officials), diary, chance)


def tempt_by_staff(them: list[Institution], diary: Diary, chance: random.Random) -> None:
    """A year of innocent days that look alike."""
    for _ in range(12):
        one = chance.choice(them)
        _keeps_staff_files(one, chance.randrange(one.officials), diary, chance)
    for _ in range(60):
        one = chance.choice(them)
        _waits_for_a_file(one, chance.randrange(one.officials), diary, chance)
    for _ in range(20):
        one = chance.choice(them)
        _settles_estates(one, chance.randrange(one.officials), diary, chance)
    for _ in range(20):
        one = chance.choice(them)
        _takes_in_families(one, chance.randrange(one.officials), diary, chance)
    for one in chance.sample(them, 6):
        _repeats(one, office_day(one, chance), diary, chance)
    _opens_a_portal(next(one for one in them if one.tells_officials), diary, chance)


def _asks_about_himself(
    one: Institution, official: int, diary: Diary, chance: random.Random
) -> None:
    """Reads his own file; the careful use the screen of a colleague."""
    day, steps = office_day(one, chance), []
    by = chance.randrange(one.officials) if chance.random() < 0.2 else official
    for _ in range(chance.randint(1, 4)):
        when = at_work(one, day + timedelta(chance.randint(0, 7)))
        at = chance.randint(480, 1080)
        steps.append(diary.write(Kind.LOOK, one, by, when, at, one.staff[official]))
    diary.accuse(Code.OWN_NUMBER, steps)


def _pries(one: Institution, official: int, diary: Diary, chance: random.Random) -> None:
    """Reads the files of the others on the floor, some of them in one afternoon."""
    others = [person for n, person in enumerate(one.staff) if n != official]
    if not others:
        others = [chance.randrange(PERSONS)]
    day, span, steps = office_day(one, chance), chance.randint(0, 40), []
    for person in chance.sample(others, min(len(others), chance.randint(1, 6))):
        when = at_work(one, day + timedelta(chance.randint(0, span)))
        steps.append(diary.write(Kind.LOOK, one, official, when, chance.randint(480, 1080), person))
    diary.accuse(Code.COLLEAGUES, steps)


def _returns(one: Institution, official: int, diary: Diary, chance: random.Random) -> None:
    """Wants to know where somebody lives now."""
    person, begin = chance.randrange(PERSONS), office_day(one, chance)
    span, searches = chance.randint(3, 60), chance.random() < 0.5
    steps: list[Step] = []
    for _ in range(chance.randint(2, 12)):
        day = at_work(one, min(begin + timedelta(chance.randint(0, span)), DAYS[-14]))
        at = chance.randint(480, 1080)
        if searches:
            steps.append(diary.write(Kind.SEARCH, one, official, day, at, person))
        else:
            steps.append(diary.write(Kind.LOOK, one, official, day, at, person, **REFUSED))
    diary.accuse(Code.SAME_NON_CLIENT, steps)


def _digs(one: Institution, official: int, diary: Diary, chance: random.Random) -> None:
    """Looks for heirs to sell them something, or for children."""
    day, span, steps = office_day(one, chance), chance.randint(0, 13), []
    for _ in range(chance.randint(3, 15)):
        when = at_work(one, min(day + timedelta(chance.randint(0, span)), DAYS[-14]))
        steps.append(_odd(one, official, when, diary, chance, chance.random() < 0.5))
    diary.accuse(Code.DECEASED_OR_MINOR, steps)


def _odd(
    one: Institution,
    official: int,
    day: date,
    diary: Diary,
    chance: random.Random,
    is_about_dead: bool,
) -> Step:
    person, at = chance.randrange(PERSONS), chance.randint(480, 1080)
    while not (is_dead(person) if is_about_dead else age_of(person) < MAJORITY):
        person = chance.randrange(PERSONS)
    return diary.write(Kind.LOOK, one, official, day, at, person, **REFUSED)


def _keeps_staff_files(
    one: Institution, official: int, diary: Diary, chance: random.Random
) -> None:
    """Is charged with the files of the staff."""
    day = office_day(one, chance)
    others = [person for n, person in enumerate(one.staff) if n != official]
    for person in chance.sample(others, min(len(others), chance.randint(1, 4))):
        when = at_work(one, day + timedelta(chance.randint(0, 20)))
        diary.write(Kind.LOOK, one, official, when, chance.randint(480, 1020), person)


def _waits_for_a_file(one: Institution, official: int, diary: Diary, chance: random.Random) -> None:
    """Tries before the person is registered, which a colleague does some days later."""
    person, day = chance.randrange(PERSONS), office_day(one, chance)
    for _ in range(chance.randint(1, 5)):
        diary.write(Kind.LOOK, one, official, day, chance.randint(480, 1020), person, **REFUSED)
        day = at_work(one, day + timedelta(chance.randint(0, 2)))
    who = chance.randrange(one.officials)
    diary.write(Kind.REGISTER, one, who, day, 1021, person)
    diary.write(Kind.LOOK, one, official, day, 1025, person)


def _settles_estates(one: Institution, official: int, diary: Diary, chance: random.Random) -> None:
    """Goes through a pile of letters from heirs."""
    day = office_day(one, chance)
    for _ in range(chance.randint(2, 9)):
        _odd(one, official, day, diary, chance, True)


def _takes_in_families(
    one: Institution, official: int, diary: Diary, chance: random.Random
) -> None:
    """Asks about the children of new clients, and registers them when that is refused."""
    day = office_day(one, chance)
    for _ in range(chance.randint(1, 7)):
        step = _odd(one, official, day, diary, chance, False)
        assert step.subject is not None
        diary.write(Kind.REGISTER, one, official, day, 1090, step.subject)


def _repeats(one: Institution, day: date, diary: Diary, chance: random.Random) -> None:
    """A program asks every night what is refused every night."""
    persons = [chance.randrange(PERSONS) for _ in range(5)]
    for night in range(10):
        for person in persons:
            when = day + timedelta(night)
            told = {"is_program": True} | REFUSED
            diary.write_as(PROGRAM, Kind.LOOK, one, when, 120, person, **told)


def _opens_a_portal(one: Institution, diary: Diary, chance: random.Random) -> None:
    """Lets its clients read their own data, and tells them as who asks."""
    for day in DAYS:
        for person in chance.sample(one.clients, 3):
            at = chance.randint(420, 1400)
            diary.write_as(person, Kind.LOOK, one, day, at, person)
