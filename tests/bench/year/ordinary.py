"""Ordinary work: by the day, the week, the season, and with ordinary mistakes."""

import random
from datetime import date, timedelta

from services.audit.oversight.model import Kind
from services.audit.oversight.rules.hours import is_off_day
from services.audit.oversight.rules.rulebook import rulebook
from tests.bench.year.diary import BEGIN, DAYS, Diary
from tests.bench.year.institutions import PERSONS, Institution

_WEEKDAY = (1.25, 1.05, 0.95, 1.0, 0.8, 1.0, 1.0)
_HOURS = range(7, 19)
_OFFICE = (2, 7, 14, 15, 13, 6, 6, 12, 13, 8, 3, 1)
_HEADQUARTERS = range(24)
_ROUND = (3, 2, 2, 2, 2, 3, 5, 7, 9, 9, 9, 8, 8, 8, 8, 8, 7, 7, 6, 6, 5, 5, 4, 4)
FOLLOWED_UP = 0.75
CORRECTED = 0.02
SHORT = 0.15
LATE = 0.01
WORKS = 0.3
"""How busy a day is at least on which an institution works."""


def work(them: list[Institution], diary: Diary, chance: random.Random) -> None:
    """A year of it."""
    for one in them:
        for day in DAYS:
            much = busy(one, day)
            for official in range(one.officials):
                if much > 0.1 or official == 0:
                    _work_day(one, official, day, much, diary, chance)


def busy(one: Institution, day: date) -> float:
    """How busy a day is for an institution; 1 is an ordinary one."""
    hours = rulebook().hours.on(BEGIN)
    assert hours is not None
    much = _WEEKDAY[day.weekday()]
    if is_off_day(day, hours.thresholds):
        much = 0.7 if one.never_closes else 0.02
    if day.day <= 3:
        much *= 1.3
    if date(day.year, 7, 15) <= day <= date(day.year, 8, 15) or day >= date(day.year, 12, 24):
        much *= 0.7
    return much


def at_work(one: Institution, day: date) -> date:
    """The first day from one on at which an institution works."""
    while busy(one, day) < WORKS:
        day += timedelta(1)
    return day


def minute(one: Institution, chance: random.Random) -> int:
    """When in the day somebody of an institution works."""
    if one.never_closes:
        [hour] = chance.choices(_HEADQUARTERS, _ROUND)
    elif chance.random() < LATE:
        hour = chance.choice((6, 19, 20))
    else:
        [hour] = chance.choices(_HOURS, _OFFICE)
    return hour * 60 + chance.randrange(60)


def _work_day(
    one: Institution, official: int, day: date, much: float, diary: Diary, chance: random.Random
) -> None:
    for _ in range(_about(one.asked_a_day * much, chance)):
        # A few clients are asked about again and again, as files are worked on.
        client = one.clients[int(len(one.clients) * chance.random() ** 2)]
        permitted = chance.random() > 0.03
        at = minute(one, chance)
        if chance.random() < 0.12:
            _search(one, official, day, at, client, diary, chance)
        else:
            diary.write(Kind.LOOK, one, official, day, at, client, is_permitted=permitted)
    for _ in range(_about(one.registered_a_day * much, chance)):
        _register(one, official, day, diary, chance)


def _search(
    one: Institution,
    official: int,
    day: date,
    at: int,
    client: int,
    diary: Diary,
    chance: random.Random,
) -> None:
    diary.write(Kind.SEARCH, one, official, day, at, client)
    if chance.random() < FOLLOWED_UP:
        later, who = day, official
        if chance.random() < 0.3:
            later = at_work(one, day + timedelta(chance.randint(1, 3)))
            who = chance.randrange(one.officials)
        diary.write(Kind.LOOK, one, who, later, min(at + chance.randint(1, 90), 1439), client)


def _register(
    one: Institution, official: int, day: date, diary: Diary, chance: random.Random
) -> None:
    person, at = chance.randrange(PERSONS), minute(one, chance)
    diary.write(Kind.REGISTER, one, official, day, at, person)
    diary.write(Kind.LOOK, one, official, day, min(at + 5, 1439), person)
    if chance.random() < CORRECTED:
        end = day + timedelta(chance.randint(0, 5))
    elif one.has_short_files and chance.random() < SHORT:
        end = day + timedelta(chance.randint(3, 14))
    else:
        return
    end = end if end == day else at_work(one, end)
    diary.write(Kind.UNREGISTER, one, official, end, min(at + 30, 1439), person)


def _about(mean: float, chance: random.Random) -> int:
    """A count that is so large on average."""
    spread = max(0.0, chance.gauss(mean, mean**0.5 * 1.2))
    return int(spread + chance.random())
