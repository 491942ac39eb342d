"""The half of the oracle that knows days: what facts make, and when they serve."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).parents[3] / "services/rights/data"
DAY = timedelta(days=1)
FOREVER = date.max


@cache
def read(name):
    return yaml.safe_load((DATA / name).read_text("utf-8"))


@cache
def rights():
    files = [yaml.safe_load(path.read_text("utf-8")) for path in (DATA / "rights").glob("*.yaml")]
    return {one["right"]: one for one in files}


def amount(name, day):
    known = [
        (begin, told)
        for begin, told in read("parameters.yaml")["amounts"][name]["amounts"].items()
        if begin <= day
    ]
    return int(max(known)[1].replace(".", ""))


@cache
def makes(fact, status):
    """Whether a fact makes a status; nothing if its value is needed and not known."""
    for part in read("statuses.yaml")["statuses"][status]["any_of"]:
        if isinstance(part, str):
            if part == fact.kind:
                return True
            if part in read("statuses.yaml")["statuses"] and makes(fact, part) is not False:
                return makes(fact, part)
        elif part["fact"] == fact.kind:
            if fact.value is None:
                return None
            if (
                fact.value >= part.get("at_least", 10**9)
                or fact.value <= part.get("at_most", -(10**9))
                or fact.value in part.get("one_of", ())
                or any(low <= fact.value <= high for low, high in part.get("between", ()))
            ):
                return True
    return False


@cache
def sources_of(status):
    facts, found = read("facts.yaml")["facts"], set()
    for part in read("statuses.yaml")["statuses"][status]["any_of"]:
        name = part if isinstance(part, str) else part["fact"]
        found |= {facts[name]["source"]} if name in facts else sources_of(name)
    return found


def years_later(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def number_of(word):
    return int(word.partition("(")[2].rstrip(")") or 0)


def rule(told):
    if isinstance(told, str):
        return told, "WHILE_TRUE"
    return told.get("test", "AT"), told.get("grants", "WHILE_TRUE")


def days(first, last):
    while first <= last:
        yield first
        first += DAY


def quarter(day):
    return (day.year, (day.month - 1) // 3)


def month_after(year, month):
    return (year, month + 1) if month < 12 else (year + 1, 1)


def tests(periods, test, day):
    """Whether a test holds on a day for what was so during some periods."""

    def was(one):
        return any(begin <= one <= end for begin, end in periods)

    if test == "AT":
        return was(day)
    if test == "ON_1_JAN":
        return was(date(day.year, 1, 1))
    if test == "ON_1_JAN_OF_YEAR_BEFORE":
        return was(date(day.year - 1, 1, 1))
    if test == "ANY_DAY_IN_QUARTER":
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return any(
            was(one) for one in days(first, first + 92 * DAY) if quarter(one) == quarter(day)
        )
    raise AssertionError(test)


@cache
def full_months(periods, count, day):
    """Whether so many full months in a row had passed before a day, the last in a year that lets
    it hold on to the end of the next."""
    run, year, month = 0, day.year - 2, 1
    met = False
    while date(*month_after(year, month), 1) <= day:
        every = [date(year, month, 1)]
        every = list(days(every[0], date(*month_after(year, month), 1) - DAY))
        run = run + 1 if all(any(a <= one <= b for a, b in periods) for one in every) else 0
        met = met or (run >= count and year >= day.year - 1)
        year, month = month_after(year, month)
    return met


@cache
def years_on_end(periods, count, day):
    """Whether it has been so on every day since so many years before a day."""
    if not any(begin <= day <= end for begin, end in periods):
        return False
    first, near = day, day - 366 * (count + 1) * DAY
    while first > near and any(begin <= first - DAY <= end for begin, end in periods):
        first -= DAY
    return years_later(first, count) <= day


def serves(facts, when, day):
    """Whether one of the facts of a person serves on a day."""
    test, grants = rule(when)
    periods = [(one.begin, one.end) for one in facts]
    if test.startswith("CONSECUTIVE_FULL_MONTHS"):
        assert grants == "UNTIL_31_DEC_OF_NEXT_YEAR"
        # Further back than two years a run may have begun, but not have ended in time.
        near = [(a, b) for a, b in periods if b >= date(day.year - 2, 1, 1)]
        # Only months that have passed count: any day of a month says the same.
        return bool(near) and full_months(tuple(near), number_of(test), day.replace(day=1))
    if test.startswith("CONSECUTIVE_YEARS"):
        assert grants == "WHILE_TRUE"
        return years_on_end(tuple(periods), number_of(test), day)
    return any(one_serves(one, test, grants, day) for one in facts)


def so_between(periods, test, first, last):
    """Whether something was so on one of some days."""
    assert test == "AT"
    return any(begin <= last and end >= first for begin, end in periods)


@cache
def one_serves(fact, test, grants, day):
    periods = [(fact.begin, fact.end)]
    if grants == "WHILE_TRUE":
        return tests(periods, test, day)
    if grants == "CALENDAR_YEAR":
        assert test == "ON_1_JAN"
        return tests(periods, test, day)
    if grants == "FROM_QUARTER_OF_DECISION_TO_31_DEC":
        decided = fact.decided or fact.begin
        opened = max(decided, fact.begin)
        if quarter(opened) > quarter(day):
            return False
        since = date(opened.year, (opened.month - 1) // 3 * 3 + 1, 1)
        return fact.end >= since and fact.end.year >= day.year
    if grants == "UNTIL_31_DEC":
        return so_between(periods, test, date(day.year, 1, 1), day)
    if grants == "UNTIL_31_DEC_OF_NEXT_YEAR":
        return so_between(periods, test, date(day.year - 1, 1, 1), day)
    if grants == "FROM_1_JUN_TO_31_MAY":
        year = day.year if day.month >= 6 else day.year - 1
        return tests(periods, test, date(year, 6, 1))
    if grants.startswith("YEARS"):
        opens, ends = fact.begin, None
        while opens <= day and opens <= fact.end:
            ends = years_later(opens, number_of(grants)) if opens == fact.begin else ends
            rounds = (opens.year - fact.begin.year) // number_of(grants) + 1
            ends = years_later(fact.begin, number_of(grants) * rounds)
            if opens <= day < ends:
                return True
            opens = ends
        return False
    raise AssertionError(grants)
