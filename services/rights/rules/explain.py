"""Why a node says what it says of a person: the facts used, what no source said, what failed.

The facts of a grant are enough for it, and without them there is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from services.rights.model.columns import UNKNOWN, Whole
from services.rights.model.nodes import (
    All,
    Alone,
    Any,
    Born,
    Holds,
    Income,
    Kept,
    Members,
    Node,
    Not,
)
from services.rights.model.words import RUNS
from services.rights.rules.evaluate import GRANTED, REFUSED, UNDECIDED, Evaluation
from services.rights.rules.spans import mates_of, memberships_of, of_type, places_of, runs_of
from services.rights.rules.temporal import serve

COMPARED = 5
"""Of so many facts in one run it is looked which make a difference; of more all are named."""


@dataclass
class Reasons:
    """What is collected on the way through a plan."""

    evaluation: Evaluation
    sources: Mapping[int, int]
    """The bit of the source of each kind of fact."""
    facts: set[int] = field(default_factory=set)
    missing: int = 0
    """The sources that did not say what is needed."""
    without_birth: bool = False
    failed: list[Node] = field(default_factory=list)

    def of(self, node: Node, person: int) -> None:
        """Go through a node as it is decided about a person."""
        level = int(self.evaluation.value(node)[person])
        match node:
            case Any():
                self._each(node.parts, person, level)
            case All():
                self._each(node.parts, person, level)
            case Not():
                self._of_not(node, person, level)
            case Members():
                self._of_members(node, person, level)
            case Born():
                self.without_birth |= level == UNDECIDED
                self._note(node, level)
            case Holds():
                self._of_holds(node, person, level)
                self._note(node, level)
            case Kept():
                self._of_kept(node, person, level)
                self._note(node, level)
            case Income():
                self._of_income(node, person, level)
                self._note(node, level)
            case Alone():
                self.missing |= node.mask if level == UNDECIDED else 0
                self._note(node, level)

    def _note(self, node: Node, level: int) -> None:
        if level == REFUSED and node not in self.failed:
            self.failed.append(node)

    def _each(self, parts: Iterable[Node], person: int, level: int) -> None:
        for part in parts:
            if self.evaluation.value(part)[person] == level:
                self.of(part, person)

    def _of_not(self, node: Not, person: int, level: int) -> None:
        inner = Reasons(self.evaluation, self.sources)
        inner.of(node.part, person)
        # What is absent is no fact; what is there and excludes is.
        self.facts |= inner.facts
        self.missing |= inner.missing
        self.without_birth |= inner.without_birth
        self._note(node, level)

    def _of_members(self, node: Members, person: int, level: int) -> None:
        if level == UNDECIDED and self._is_silent(person, node.mask):
            self.missing |= node.mask
        who, group = self.evaluation.members(node.scope, node.rule)
        homes = group[who == person]
        members = set(who[np.isin(group, homes)].tolist())
        if self._is_silent(person, node.mask):
            members.add(person)
        if not members:
            self._note(node, level)
        for one in sorted(members):
            if self.evaluation.value(node.part)[one] == level:
                self.of(node.part, one)

    def _is_silent(self, person: int, mask: int) -> bool:
        return bool(self.evaluation.columns.unknown[person] & mask)

    def _of_holds(self, node: Holds, person: int, level: int) -> None:
        day = self.evaluation.day
        if level == UNDECIDED:
            self.missing |= self._unsaid(node, person)
        if level == GRANTED:
            self.facts |= self._serving(node, person, day, day, still=True)

    def _unsaid(self, node: Holds, person: int) -> int:
        """The sources that could not say, or did not say all of a fact."""
        found = int(self.evaluation.columns.unknown[person]) & node.mask
        facts = self.evaluation.columns.facts
        place, unsure = places_of(self.evaluation.columns, node)
        for code in facts.type[place[unsure & (facts.who[place] == person)]].tolist():
            found |= self.sources[code]
        return found

    def _serving(self, node: Holds, person: int, first: int, last: int, *, still: bool) -> set[int]:
        """The facts of a person that serve between days."""
        facts = self.evaluation.columns.facts
        place, unsure = places_of(self.evaluation.columns, node)
        place = place[(facts.who[place] == person) & ~unsure]
        begin, end = facts.begin[place], facts.end[place]
        runs_begin, runs_end = begin, end
        decided = facts.decided[place]
        if node.rule.test in RUNS:
            _, runs_begin, runs_end = runs_of(facts.who[place], begin, end)
            decided = runs_begin
        opens, closes = serve(node.rule, runs_begin, runs_end, decided)
        serves = (opens <= closes) & (opens <= last) & (closes >= first)
        if still:
            serves &= closes >= self.evaluation.day
        if node.rule.test not in RUNS:
            return set(place[serves].tolist())
        runs = zip(runs_begin[serves].tolist(), runs_end[serves].tolist(), strict=True)
        return {
            int(one)
            for low, high in dict.fromkeys(runs)
            for one in self._needed(
                node, place[(begin >= low) & (end <= high)], first, last, still=still
            )
        }

    def _needed(self, node: Holds, run: Whole, first: int, last: int, *, still: bool) -> Whole:
        """The facts of a run that make a difference to how it serves between days, with all others
        or with some: not what lies before or after what counts, or within others and is too short
        to serve alone."""
        if not 1 < len(run) <= COMPARED:
            return run

        def differs(one: int) -> bool:
            others = run[run != one].tolist()
            return any(
                self._served(node, (*some, one), first, last, still=still)
                != self._served(node, some, first, last, still=still)
                for many in range(len(others) + 1)
                for some in combinations(others, many)
            )

        return run[[differs(one) for one in run.tolist()]]

    def _served(
        self, node: Holds, some: Sequence[int], first: int, last: int, *, still: bool
    ) -> tuple[tuple[int, int], ...]:
        """Between which of the days facts serve."""
        facts, place = self.evaluation.columns.facts, np.array(sorted(some), np.int64)
        _, begin, end = runs_of(facts.who[place], facts.begin[place], facts.end[place])
        opens, closes = serve(node.rule, begin, end, begin)
        serves = (opens <= closes) & (opens <= last) & (closes >= first)
        if still:
            serves &= closes >= self.evaluation.day
        low, high = np.maximum(opens[serves], first), np.minimum(closes[serves], last)
        return tuple(sorted({*zip(low.tolist(), high.tolist(), strict=True)}))

    def _of_kept(self, node: Kept, person: int, level: int) -> None:
        columns = self.evaluation.columns
        if level == UNDECIDED and self._is_silent(person, node.mask):
            self.missing |= node.mask
        for holder, begin, end, given in self.evaluation.windows(node):
            if given != level:
                continue
            at, who, since, until = mates_of(columns, node.scope, holder, begin, end)
            with_him = who == person
            of = [*zip(holder[at[with_him]], since[with_him], until[with_him], strict=True)]
            if self._is_silent(person, node.mask):
                own = holder == person
                of += zip(holder[own], begin[own], end[own], strict=True)
            for one, first, last in of:
                self._kept_by(node, int(one), int(first), int(last), level)

    def _kept_by(self, node: Kept, holder: int, begin: int, end: int, level: int) -> None:
        if level == UNDECIDED:
            self.missing |= self._unsaid(node.facts, holder)
        if level == GRANTED:
            self.facts |= self._serving(node.facts, holder, begin, end, still=node.still)

    def _of_income(self, node: Income, person: int, level: int) -> None:
        columns, facts = self.evaluation.columns, self.evaluation.columns.facts
        if level == UNDECIDED and self._is_silent(person, node.scope_mask):
            self.missing |= node.scope_mask
            return
        who, begin, end, group, _ = memberships_of(columns, node.scope, node.rule)
        on_day = (begin <= self.evaluation.day) & (self.evaluation.day <= end)
        homes: Whole = group[on_day & (who == person)]
        members = who[on_day & np.isin(group, homes)]
        if level == UNDECIDED:
            self.missing |= node.mask
            return
        place = np.arange(len(facts.who))[of_type(columns, node.type)]
        of_year = (facts.begin[place] >= node.first) & (facts.begin[place] <= node.last)
        known = facts.value[place] != UNKNOWN
        place = place[of_year & known & np.isin(facts.who[place], members)]
        self.facts |= set(place.tolist())
