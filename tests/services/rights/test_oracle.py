"""The engine and an oracle that shares no code with it, on households aimed at every condition of
the law; and that a fault in the law, in plan or in evaluator would be seen."""

import importlib
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

import services.rights.rules as package
from services.concepts.dated import NothingInForce
from services.rights.definitions import shipped_law
from services.rights.model.columns import Columns
from tests.services.rights import oracle
from tests.services.rights.aimed import aimed, aims_of, days_for
from tests.services.rights.faults import faults_of
from tests.services.rights.people import country, gathered

DAYS = [
    date(2018, 5, 5),
    date(2021, 7, 1),
    date(2023, 6, 30),
    date(2023, 11, 15),
    date(2024, 2, 29),
    date(2024, 3, 31),
    date(2024, 12, 31),
]
HOUSEHOLDS = 40
"""Of each day, of any kind; of each the oracle works out some rights."""
OF_EACH = 3
SOME = 200
"""About so many households for each condition of a right."""
TRIED = 5
"""The oracle works out one of so many of them, and those that a fault would tell apart."""
NAMES = ("REFUSED", "UNDECIDED", "GRANTED")
CHAIN = ("calendar", "temporal", "spans", "plan", "evaluate")
"""The modules that decide, in the order in which each imports those before."""


@dataclass
class Asked:
    """Persons of whom one right is asked on one day."""

    right: str
    day: date
    homes: list[list[object]]
    columns: Columns = field(init=False)
    said: dict[int, str] = field(default_factory=dict)
    """What the oracle says of those it was asked about."""

    def __post_init__(self):
        self.persons = [(home, one) for home in self.homes for one in home]
        self.columns = gathered([one for _, one in self.persons])

    def by_oracle(self, at):
        """What the oracle says of a person."""
        if at not in self.said:
            home, one = self.persons[at]
            self.said[at] = oracle.verdict(home, one, self.right, self.day)
        return self.said[at]

    def by_engine(self, law, modules):
        """What the engine says of all of them by a law."""
        ((_, branches),) = modules["plan"].plan_of(law, self.day, [self.right]).rights
        evaluation = modules["evaluate"].Evaluation(
            self.columns, modules["calendar"].number(self.day)
        )
        return [NAMES[one] for one in evaluation.right(branches).tolist()]


@pytest.fixture(scope="module")
def everything():
    """All that is asked, right by right."""
    chance, found = random.Random(20260101), defaultdict(list)
    for at, day in enumerate(DAYS):
        for home in country(chance, HOUSEHOLDS, at * HOUSEHOLDS):
            for right in chance.sample(sorted(shipped_law().rights), OF_EACH):
                found[right, day].append(home)
    for right in sorted(shipped_law().rights):
        for aim in aims_of(shipped_law(), right, SOME):
            for day in days_for(chance, shipped_law(), aim):
                group = 10**6 + sum(map(len, found.values()))
                found[right, day].append(aimed(chance, shipped_law(), right, aim, day, group))
    asked = defaultdict(list)
    for (right, day), homes in found.items():
        asked[right].append(Asked(right, day, homes))
    return asked


@pytest.fixture(scope="module")
def by_engine(everything):
    """What the engine that is shipped says of everybody."""
    modules = shipped_modules()
    return {
        right: [one.by_engine(shipped_law(), modules) for one in asked]
        for right, asked in everything.items()
    }


def shipped_modules():
    return {name: importlib.import_module(f"services.rights.rules.{name}") for name in CHAIN}


def test_the_engine_says_what_the_oracle_says(everything, by_engine):
    wrong, seen = [], Counter()
    for right, all_asked in everything.items():
        for asked, said in zip(all_asked, by_engine[right], strict=True):
            for at in range(0, len(said), TRIED):
                seen[right, asked.by_oracle(at)] += 1
                if asked.by_oracle(at) != said[at]:
                    wrong.append((asked.day, right, at, said[at], asked.by_oracle(at)))

    assert wrong == []
    assert {(right, name) for right in shipped_law().rights for name in NAMES} <= seen.keys()
    assert sum(seen.values()) > 4000


def is_seen(everything, by_engine, right, law, modules):
    """Whether the oracle contradicts a law, or modules, somewhere."""
    for asked, good in zip(everything[right], by_engine[right], strict=True):
        try:
            said = asked.by_engine(law, modules)
        except NothingInForce:
            return True
        for at, (one, other) in enumerate(zip(said, good, strict=True)):
            if one != other and asked.by_oracle(at) != one:
                return True
    return False


def test_any_one_thing_wrong_in_the_law_would_be_seen(everything, by_engine):
    modules, tried = shipped_modules(), 0
    unseen = []
    for said, rights, law in faults_of(shipped_law()):
        tried += 1
        if not any(is_seen(everything, by_engine, one, law, modules) for one in rights):
            unseen.append(said)

    assert unseen == []
    assert tried > 800


# ruff: noqa: E501
FAULTS = [
    ("calendar", "return year_begin(days, later + 1) - 1", "return year_begin(days, later + 1)"),
    ("calendar", "np.minimum(later, month_begin(months + years * YEAR + 1))", "later + 1"),
    ("temporal", "first < begin,", "first <= begin,"),
    ("temporal", "last = calendar.month(end + 1)", "last = calendar.month(end)"),
    ("temporal", "calendar.month_begin(last) - 1", "calendar.month_begin(last) - 2"),
    ("temporal", "np.maximum(begin, decided)", "begin"),
    ("temporal", "np.where(end >= opens, calendar.year_end(end), opens - 1)", "calendar.year_end(end)"),
    ("temporal", "(begin, calendar.year_end(end, 1))", "(begin, calendar.year_end(end))"),
    ("temporal", "calendar.month_of_year(begin) + 5", "calendar.month_of_year(begin) + 6"),
    ("temporal", "(passed + ~done) * years) - 1", "passed * years) - 1"),
    ("temporal", "never = closes < opens - (rule.test == MONTHS)", "never = closes < begin - 10**6"),
    ("spans", "unsure = value == UNKNOWN", "unsure = value > 10**18"),
    ("spans", "met = low <= high", "met = low < high"),
    ("spans", "first[place])\n    high", "first[place] - 400)\n    high"),
    ("plan", "last_birth(day, told.under_age) + 1", "last_birth(day, told.under_age)"),
    ("plan", "year = day.year + told.of_year", "year = day.year + told.of_year - 1"),
    ("plan", "since, still = date(day.year, 1, 1), False", "since, still = day, False"),
    ("plan", "- 3 * kept.times", "- 3 * kept.times + 3"),
    ("plan", "if version.holds_on(day)", "if version.begins <= day"),
    ("plan", "date(day.year - told.month_of_age, day.month, 1)", "day.replace(year=day.year - told.month_of_age, day=28)"),
    ("evaluate", "found[born == UNKNOWN] = UNDECIDED", "pass"),
    ("evaluate", "total >= node.below +", "total > node.below +"),
    ("evaluate", "(heads - 1) * node.further", "heads * node.further"),
    ("evaluate", "lacks[position == DEPENDANT] = False", "pass"),
    ("evaluate", "lacks = np.ones(", "lacks = np.zeros("),
    ("evaluate", "UNDECIDED, complete)", "REFUSED, complete)"),
    ("evaluate", "reversed(order) if node.every else order", "order if node.every else order"),
    ("evaluate", "out[silent] = np.maximum(out[silent], UNDECIDED)", "pass"),
    ("evaluate", "serves &= spans.end >= self.day", "pass"),
    ("evaluate", "out = self._silent(node.mask).astype(np.int8)\n        for", "out = np.zeros(self.columns.persons, np.int8)\n        for"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "right", "wrong"), FAULTS)
def test_a_fault_would_be_seen(everything, by_engine, monkeypatch, module, right, wrong):
    made = {}
    for name in CHAIN:
        path = Path(package.__path__[0]) / f"{name}.py"
        text = path.read_text("utf-8")
        if name == module:
            assert text.count(right) >= 1, right
            text = text.replace(right, wrong, 1)
        fresh = ModuleType(f"services.rights.rules.{name}")
        monkeypatch.setitem(sys.modules, fresh.__name__, fresh)
        exec(compile(text, str(path), "exec"), fresh.__dict__)
        monkeypatch.setattr(package, name, fresh, raising=False)
        made[name] = fresh
    for asked in everything.values():
        for one in asked:
            one.columns.spans.clear()

    law = shipped_law()
    assert any(is_seen(everything, by_engine, one, law, made) for one in law.rights)
