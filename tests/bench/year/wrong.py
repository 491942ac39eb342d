"""Misuse, from clumsy to careful: part of it is too careful for any rule here."""

import random
from datetime import timedelta

from services.audit.oversight.model import Code, Kind
from tests.bench.year.diary import DAYS, Diary
from tests.bench.year.institutions import PERSONS, Institution
from tests.bench.year.ordinary import at_work
from tests.bench.year.tempting import office_day

EACH = 40


def misuse(them: list[Institution], diary: Diary, chance: random.Random) -> None:
    """So many of each kind, at any institution."""
    for _ in range(EACH):
        for commit in (_registers, _fishes, _stays_late, _scrapes):
            one = chance.choice(them)
            commit(one, chance.randrange(one.officials), diary, chance)
        _is_in_the_news(them, diary, chance)


def _registers(one: Institution, official: int, diary: Diary, chance: random.Random) -> None:
    """Registers neighbours to look at them."""
    begin, span = office_day(one, chance), chance.randint(5, 45)
    steps = []
    for _ in range(chance.randint(2, 8)):
        day = at_work(one, min(begin + timedelta(chance.randint(0, span)), DAYS[-14]))
        person, at = chance.randrange(PERSONS), chance.randint(500, 1000)
        steps.append(diary.write(Kind.REGISTER, one, official, day, at, person))
        for n in range(chance.randint(1, 3)):
            steps.append(diary.write(Kind.LOOK, one, official, day, at + 5 + n, person))
        end = at_work(one, day + timedelta(chance.choice((0, 0, 0, 1, 1, 2, 3, 5, 9))))
        steps.append(diary.write(Kind.UNREGISTER, one, official, end, at + 30, person))
    diary.accuse(Code.REGISTER_LOOK_UNREGISTER, steps)


def _fishes(one: Institution, official: int, diary: Diary, chance: random.Random) -> None:
    """Tries names, for an address to sell."""
    day, steps = office_day(one, chance), []
    looked_at = chance.uniform(0, 0.25)
    for _ in range(chance.randint(12, 60)):
        person, at = chance.randrange(PERSONS), chance.randint(480, 1080)
        steps.append(diary.write(Kind.SEARCH, one, official, day, at, person))
        if chance.random() < looked_at:
            steps.append(diary.write(Kind.LOOK, one, official, day, at + 2, person))
    diary.accuse(Code.SEARCH_WITHOUT_FOLLOW_UP, steps)


def _is_in_the_news(them: list[Institution], diary: Diary, chance: random.Random) -> None:
    """Somebody known: the curious of many institutions ask, most of them on the first day."""
    day, person = chance.choice(DAYS[:-14]), chance.randrange(PERSONS)
    steps = []
    for one in chance.sample(them, chance.randint(6, 20)):
        when = day + timedelta(chance.random() < 0.2)
        official, at = chance.randrange(one.officials), chance.randint(480, 1080)
        permitted = chance.random() < 0.4
        steps.append(
            diary.write(Kind.LOOK, one, official, when, at, person, is_permitted=permitted)
        )
    diary.accuse(Code.ASKED_BY_MANY, steps)


def _stays_late(one: Institution, official: int, diary: Diary, chance: random.Random) -> None:
    """Asks about strangers when nobody looks; at some institutions somebody always works."""
    day = chance.choice(DAYS[:-14])
    begin = chance.randint(1150, 1300) if day.weekday() < 5 else chance.randint(480, 1200)
    steps = [
        diary.write(
            Kind.LOOK, one, official, day, begin + chance.randint(0, 120), chance.randrange(PERSONS)
        )
        for _ in range(chance.randint(6, 30))
    ]
    diary.accuse(Code.OFF_HOURS, steps)


def _scrapes(one: Institution, official: int, diary: Diary, chance: random.Random) -> None:
    """Asks about everybody, by program."""
    day, begin = office_day(one, chance), chance.randint(8, 13)
    times, steps = chance.uniform(1.2, 5), []
    for hour in range(begin, begin + chance.randint(1, 6)):
        for _ in range(round(one.estimate * times)):
            at = hour * 60 + chance.randrange(60)
            steps.append(diary.write(Kind.LOOK, one, official, day, at, chance.randrange(PERSONS)))
    diary.accuse(Code.ABOVE_ESTIMATE, steps)
