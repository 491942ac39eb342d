"""Innocent days that look like misuse, as often as they would come."""

import random
from collections.abc import Callable
from datetime import date, timedelta

from services.audit.oversight.model import Kind
from tests.bench.year.diary import DAYS, Diary
from tests.bench.year.institutions import PERSONS, Institution
from tests.bench.year.ordinary import WORKS, at_work, busy

Told = Callable[[Institution, int, date, Diary, random.Random], None]


def tempt(them: list[Institution], diary: Diary, chance: random.Random) -> None:
    """A year of them."""
    for times, tell in _OFTEN:
        for _ in range(times):
            one = chance.choice(them)
            tell(one, chance.randrange(one.officials), office_day(one, chance), diary, chance)
    for _ in range(260):
        _life_event(them, chance.choice(DAYS), diary, chance)
    for day in DAYS[75::90]:
        _quarter(them, day, diary, chance)
    desk = next(one for one in them if not one.never_closes and one.officials > 3)
    for day in DAYS:
        if day.weekday() == 5 and day.day <= 7:
            _ask(desk, 0, day, (9 * 60, 12 * 60), chance.randint(10, 25), diary, chance)


def office_day(one: Institution, chance: random.Random) -> date:
    """A day on which an institution works, not among the last of the year."""
    while True:
        day = chance.choice(DAYS[:-14])
        if busy(one, day) >= WORKS:
            return day


def _intake(
    one: Institution, official: int, day: date, diary: Diary, chance: random.Random
) -> None:
    """A front desk looks persons up all day; its colleagues do the rest in the days after."""
    followed = chance.uniform(0.35, 0.95)
    for _ in range(chance.randint(15, 40)):
        person = chance.randrange(PERSONS)
        diary.write(Kind.SEARCH, one, official, day, chance.randint(480, 1020), person)
        if chance.random() < followed:
            later = at_work(one, day + timedelta(chance.randint(1, 3)))
            who = chance.randrange(one.officials)
            diary.write(Kind.LOOK, one, who, later, chance.randint(480, 1020), person)


def _archive(
    one: Institution, official: int, day: date, diary: Diary, chance: random.Random
) -> None:
    """Old files are sorted: persons are looked up now, and worked on next week."""
    for _ in range(chance.randint(20, 40)):
        person = chance.randrange(PERSONS)
        diary.write(Kind.SEARCH, one, official, day, chance.randint(480, 1020), person)
        later = at_work(one, day + timedelta(chance.randint(5, 9)))
        diary.write(Kind.LOOK, one, official, later, chance.randint(480, 1020), person)


def _beginner(
    one: Institution, official: int, day: date, diary: Diary, chance: random.Random
) -> None:
    """A new colleague registers the wrong persons, sees it, and sets it right."""
    for _ in range(chance.randint(2, 5)):
        begun = at_work(one, day + timedelta(chance.randint(0, 12)))
        person = chance.randrange(PERSONS)
        at = chance.randint(540, 900)
        diary.write(Kind.REGISTER, one, official, begun, at, person)
        diary.write(Kind.LOOK, one, official, begun, at + 3, person)
        diary.write(Kind.UNREGISTER, one, official, begun, at + 20, person)
        right = chance.randrange(PERSONS)
        diary.write(Kind.REGISTER, one, official, begun, at + 25, right)


def _overtime(
    one: Institution, official: int, day: date, diary: Diary, chance: random.Random
) -> None:
    _ask(one, official, day, (1140, 1290), chance.randint(2, 7), diary, chance)


def _deadline(
    one: Institution, official: int, day: date, diary: Diary, chance: random.Random
) -> None:
    _ask(one, official, day, (1140, 1380), chance.randint(7, 14), diary, chance)


def _backlog(
    one: Institution, official: int, day: date, diary: Diary, chance: random.Random
) -> None:
    """After an outage what waited is asked at once."""
    begin = chance.randint(9, 15) * 60
    for hour in range(chance.choice((1, 1, 1, 2))):
        span = (begin + hour * 60, begin + hour * 60 + 59)
        _ask(one, official, day, span, round(one.estimate * chance.uniform(1.2, 2)), diary, chance)


def _campaign(
    one: Institution, official: int, day: date, diary: Diary, chance: random.Random
) -> None:
    """A payment is prepared: a busy day, as it was announced or nearly."""
    for hour in range(9, 9 + chance.randint(3, 6)):
        span = (hour * 60, hour * 60 + 59)
        much = round(one.estimate * chance.uniform(0.7, 1.2))
        _ask(one, chance.randrange(one.officials), day, span, much, diary, chance)


def _life_event(them: list[Institution], day: date, diary: Diary, chance: random.Random) -> None:
    """Somebody moves, retires or dies: those concerned ask, on one day."""
    many = chance.choices((2, 3, 4, 5, 6, 7, 8), (30, 30, 18, 12, 6, 3, 1))[0]
    person = chance.randrange(PERSONS)
    for one in chance.sample(them, many):
        diary.write(Kind.LOOK, one, 0, day, chance.randint(480, 1020), person)


def _quarter(them: list[Institution], day: date, diary: Diary, chance: random.Random) -> None:
    """Lists of the quarter: many institutions have their files matched, everybody in them."""
    persons = chance.sample(range(PERSONS), 300)
    for one in chance.sample(them, 25):
        for person in persons:
            diary.write(Kind.LOOK, one, 0, day, 22 * 60, person, is_line=True)


def _ask(
    one: Institution,
    official: int,
    day: date,
    span: tuple[int, int],
    many: int,
    diary: Diary,
    chance: random.Random,
) -> None:
    for _ in range(many):
        person = chance.choice(one.clients)
        diary.write(Kind.LOOK, one, official, day, chance.randint(*span), person)


_OFTEN: tuple[tuple[int, Told], ...] = (
    (80, _intake),
    (6, _archive),
    (12, _beginner),
    (150, _overtime),
    (10, _deadline),
    (30, _backlog),
    (60, _campaign),
)
