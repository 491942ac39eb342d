"""A synthetic year of the network, labelled: what people do all day, and what some should not."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from services.audit.oversight.model import Day
from services.audit.oversight.model.thresholds import Estimates
from tests.bench.year.diary import BEGIN, DAYS, Diary, Incident
from tests.bench.year.institutions import Institution, institutions
from tests.bench.year.ordinary import work
from tests.bench.year.staff import misuse_by_staff, tempt_by_staff
from tests.bench.year.tempting import tempt
from tests.bench.year.wrong import misuse


@dataclass(frozen=True)
class Year:
    """What happened, and what of it was misuse."""

    days: list[Day]
    incidents: list[Incident]
    estimates: Estimates
    institutions: list[Institution]


def synthetic(seed: int) -> Year:
    """The year of a seed: always the same."""
    chance = random.Random(seed)
    them = institutions(chance)
    diary = Diary()
    work(them, diary, chance)
    tempt(them, diary, chance)
    misuse(them, diary, chance)
    tempt_by_staff(them, diary, chance)
    misuse_by_staff(them, diary, chance)
    by_day: dict[date, list] = defaultdict(list)
    for step in diary.steps:
        by_day[step.at.date()].append(step)
    days = [Day(day, sorted(by_day[day], key=lambda one: one.at)) for day in DAYS]
    estimates = {(one.number, one.purpose): one.estimate for one in them}
    assert days[0].date == BEGIN
    return Year(days, diary.incidents, estimates, them)
