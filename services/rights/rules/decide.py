"""Verdicts with their reasons and periods: of one person, by the code that decides of a country."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

import numpy as np

from services.rights.model.columns import Columns
from services.rights.model.decision import Decision, Verdict
from services.rights.model.law import Condition, Law, Right, RightVersion
from services.rights.model.nodes import Branch, Plan
from services.rights.rules import calendar, edges
from services.rights.rules.evaluate import GRANTED, REFUSED, UNDECIDED, Evaluation
from services.rights.rules.explain import Reasons
from services.rights.rules.plan import plan_of
from services.rights.rules.sentences import say_node

VERDICTS = {REFUSED: Verdict.REFUSED, UNDECIDED: Verdict.UNDECIDED, GRANTED: Verdict.GRANTED}
BIRTHS = "RRN"
"""Who says when somebody was born."""


class Decider:
    """Decides by one law. Plans of days are made once."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.sources = {one.code: law.sources[one.source].bit for one in law.facts.values()}
        self.plan = lru_cache(maxsize=512)(self._plan)

    def _plan(self, day: date) -> Plan:
        return plan_of(self.law, day)

    def decide(
        self, columns: Columns, person: int, day: date, rights: Iterable[str] | None = None
    ) -> tuple[Decision, ...]:
        """What rights one person of some columns has on a day; the others are his neighbours."""
        wanted = None if rights is None else frozenset(rights)
        walk = _Walk(self, columns, person)
        return tuple(
            self._decided(walk, name, branches, day)
            for name, branches in self.plan(day).rights
            if wanted is None or name in wanted
        )

    def _decided(
        self, walk: "_Walk", name: str, branches: tuple[Branch, ...], day: date
    ) -> Decision:
        evaluation = walk.on(day)
        branches = tuple(one for one in branches if _is_for(evaluation, one, walk.person))
        level = int(evaluation.right(branches)[walk.person])
        reasons = Reasons(evaluation, self.sources)
        deciding = max(branches, key=lambda one: _level(evaluation, one, walk), default=None)
        for branch in branches:
            if _level(evaluation, branch, walk) == level:
                reasons.of(branch.node, walk.person)
                reasons.without_birth |= branch.born is not None and (
                    int(evaluation.value(branch.born)[walk.person]) == UNDECIDED
                )
        begins, ends = walk.period(self.law.rights[name], day) if level == GRANTED else (None, None)
        return Decision(
            name,
            VERDICTS[level],
            None if deciding is None else deciding.version,
            begins,
            ends,
            tuple(sorted(reasons.facts)) if level != UNDECIDED else (),
            self._missing(reasons) if level == UNDECIDED else (),
            tuple(say_node(self.law, one) for one in reasons.failed) if level == REFUSED else (),
            tuple(reasons.failed) if level == REFUSED else (),
            unchecked_series(self.law, self.law.rights[name], day),
        )

    def _missing(self, reasons: Reasons) -> tuple[str, ...]:
        names = {one.name for one in self.law.sources.values() if one.bit & reasons.missing}
        return tuple(sorted(names | ({BIRTHS} if reasons.without_birth else set())))


def _level(evaluation: Evaluation, branch: Branch, walk: "_Walk") -> int:
    return int(evaluation.right((branch,))[walk.person])


def _is_for(evaluation: Evaluation, branch: Branch, person: int) -> bool:
    return branch.born is None or int(evaluation.value(branch.born)[person]) != REFUSED


def unchecked_series(law: Law, right: Right, day: date) -> tuple[str, ...]:
    """The amounts that decide about a right on a day on which nobody has checked them any more."""
    return tuple(
        sorted(
            {
                name
                for version in right.versions
                if version.holds_on(day)
                for name in series_of(right, version)
                if law.series[name].checked_until < day
            }
        )
    )


def series_of(right: Right, version: RightVersion) -> Iterator[str]:
    """The amounts that a version of a right uses."""
    if right.benefit.series:
        yield right.benefit.series
    yield from _series_in(version.condition)


def _series_in(told: Condition) -> Iterator[str]:
    yield from (name for name in (told.below, told.at_least, told.further) if name)
    for part in told.parts:
        yield from _series_in(part)


class _Walk:
    """One person from day to day."""

    def __init__(self, decider: Decider, columns: Columns, person: int) -> None:
        self.decider, self.columns, self.person = decider, columns, person
        self.evaluations: dict[date, Evaluation] = {}

    def on(self, day: date) -> Evaluation:
        """The evaluation of a day, made once."""
        if day not in self.evaluations:
            self.evaluations[day] = Evaluation(self.columns, calendar.number(day))
        return self.evaluations[day]

    def _grants(self, right: Right, day: date) -> bool:
        branches = dict(self.decider.plan(day).rights)[right.name]
        return bool(self.on(day).right(branches)[self.person] == GRANTED)

    def period(self, right: Right, day: date) -> tuple[date, date | None]:
        """The first and last day of the grant in which a day lies: between the days on which
        something may change nothing does."""
        days = edges.days_of(self.decider.law, right, self.columns, day)
        at = int(np.searchsorted(days, calendar.number(day), "right"))
        begins = day
        for one in reversed(days[:at].tolist()):
            before = calendar.day_of(one - 1)
            begins = calendar.day_of(one)
            if not self._grants(right, before):
                break
        for one in days[at:].tolist():
            if not self._grants(right, calendar.day_of(one)):
                return begins, calendar.day_of(one - 1)
        return begins, None
