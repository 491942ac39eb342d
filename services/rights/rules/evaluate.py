"""What a plan says of persons in columns: 0 refused, 1 cannot decide, 2 granted.

`or` is the maximum, `and` the minimum, `not` 2 minus; of a household the maximum or the minimum of
its members. Each node is worked out once. The numbers stay in here: outside it is a verdict.
"""

from dataclasses import dataclass, field

import numpy as np

from services.rights.model.columns import DEPENDANT, UNKNOWN, Code, Columns, Truth, Whole
from services.rights.model.law import Rule
from services.rights.model.nodes import (
    All,
    Alone,
    Any,
    Born,
    Branch,
    Holds,
    Income,
    Kept,
    Members,
    Node,
    Not,
)
from services.rights.rules.spans import mates_of, memberships_of, of_type, spans_of

REFUSED, UNDECIDED, GRANTED = 0, 1, 2


@dataclass
class Evaluation:
    """The values of nodes for all persons of some columns, on one day."""

    columns: Columns
    day: int
    values: dict[Node, Code] = field(default_factory=dict)

    def right(self, branches: tuple[Branch, ...]) -> Code:
        """What the versions of a right that are law on the day say, each to those it is for."""
        out = np.zeros(self.columns.persons, np.int8)
        for branch in branches:
            value = self.value(branch.node)
            for_him = None if branch.born is None else self.value(branch.born)
            out = np.maximum(out, value if for_him is None else np.minimum(value, for_him))
        return out

    def value(self, node: Node) -> Code:
        """What a node says of each person."""
        found = self.values.get(node)
        if found is None:
            found = self.values[node] = self._made(node)
        return found

    def _made(self, node: Node) -> Code:
        match node:
            case Holds():
                return self._held(node)
            case Born():
                born = self.columns.born
                found = ((born >= node.first) & (born <= node.last)).astype(np.int8) * 2
                found[born == UNKNOWN] = UNDECIDED
                return found
            case Any():
                return self._reduced(np.maximum, node.parts)
            case All():
                return self._reduced(np.minimum, node.parts)
            case Not():
                return (2 - self.value(node.part)).astype(np.int8)
            case Members():
                return self._of_members(node)
            case Kept():
                return self._kept(node)
            case Alone():
                return self._alone(node)
            case Income():
                return self._income(node)

    def _reduced(self, how: np.ufunc, parts: tuple[Node, ...]) -> Code:
        found: Code = how.reduce([self.value(part) for part in parts])
        return found

    def _silent(self, mask: int) -> Truth:
        found: Truth = (self.columns.unknown & mask) != 0
        return found

    def _held(self, node: Holds) -> Code:
        out = self._silent(node.mask).astype(np.int8)
        for spans, level in zip(spans_of(self.columns, node), (UNDECIDED, GRANTED), strict=True):
            out[spans.who[(spans.begin <= self.day) & (self.day <= spans.end)]] = level
        return out

    def _of_members(self, node: Members) -> Code:
        value = self.value(node.part)
        who, group = self.members(node.scope, node.rule)
        of_members = value[who]
        order = (REFUSED, UNDECIDED, GRANTED)
        start = GRANTED if node.every else REFUSED
        found = np.full(self.columns.memberships.groups, start, np.int8)
        for level in reversed(order) if node.every else order:
            found[group[of_members == level]] = level
        return self._by_household(node.mask, who, found[group], value, node.every)

    def _by_household(
        self, mask: int, who: Whole, found: Code, own: Code | None, every: bool = False
    ) -> Code:
        out = np.zeros(self.columns.persons, np.int8)
        np.maximum.at(out, who, found)
        # Whose household nobody knows, is at least a member of it himself.
        silent = self._silent(mask)
        if every and own is not None:
            out[silent] = np.minimum(own[silent], UNDECIDED)
        else:
            out[silent] = np.maximum(out[silent], UNDECIDED)
        if own is not None and not every:
            out[silent] = np.maximum(out[silent], own[silent])
        return out

    def members(self, scope: int, rule: Rule) -> tuple[Whole, Whole]:
        """Who counts in which household on the day."""
        who, begin, end, group, _ = memberships_of(self.columns, scope, rule)
        on_day = (begin <= self.day) & (self.day <= end)
        return who[on_day], group[on_day]

    def _alone(self, node: Alone) -> Code:
        who, group = self.members(node.scope, node.rule)
        size = np.bincount(group, minlength=self.columns.memberships.groups)
        found = ((size == 1) * GRANTED).astype(np.int8)
        return self._by_household(node.mask, who, found[group], None)

    def windows(self, node: Kept) -> list[tuple[Whole, Whole, Whole, int]]:
        """Persons and the days on which sharing with them counts, and what it gives."""
        silent = np.flatnonzero(self._silent(node.facts.mask))
        since = np.full(len(silent), node.since)
        found = [(silent, since, np.full(len(silent), self.day), UNDECIDED)]
        both = zip(spans_of(self.columns, node.facts), (UNDECIDED, GRANTED), strict=True)
        for spans, level in both:
            begin = np.maximum(spans.begin, node.since)
            end = np.minimum(spans.end, self.day)
            serves = begin <= end
            if node.still:
                serves &= spans.end >= self.day
            found.append((spans.who[serves], begin[serves], end[serves], level))
        return found

    def _kept(self, node: Kept) -> Code:
        silent = self._silent(node.mask).astype(np.int8)
        out = silent.copy()
        for holder, begin, end, level in self.windows(node):
            own = holder[silent[holder] != 0]
            out[own] = np.maximum(out[own], level)
            who = mates_of(self.columns, node.scope, holder, begin, end)[1]
            out[who] = np.maximum(out[who], level)
        return out

    def _income(self, node: Income) -> Code:
        who, group = self.members(node.scope, node.rule)
        position = self._positions(node)
        facts, groups = self.columns.facts, self.columns.memberships.groups
        known = of_type(self.columns, node.type)
        begin = facts.begin[known]
        of_year = (begin >= node.first) & (begin <= node.last)
        owner, cents = facts.who[known][of_year], facts.value[known][of_year]
        unsure = owner[cents == UNKNOWN]
        owner, cents = owner[cents != UNKNOWN], cents[cents != UNKNOWN]
        income = np.zeros(self.columns.persons, np.int64)
        np.add.at(income, owner, cents)
        # Who has no tax file is unknown, not poor; but of who is a dependant none is expected.
        lacks = np.ones(self.columns.persons, np.bool_)
        lacks[owner] = False
        lacks[position == DEPENDANT] = False
        lacks[unsure] = True
        lacks |= self._silent(node.mask)
        total = np.zeros(groups, np.int64)
        np.add.at(total, group, income[who])
        heads = np.bincount(group, minlength=groups)
        lacking = np.zeros(groups, np.bool_)
        lacking[group[lacks[who]]] = True
        # Dependants alone are not a whole household: somebody is not known.
        lacking |= np.bincount(group[position[who] != DEPENDANT], minlength=groups) == 0
        complete = np.where(total >= node.at_least, GRANTED, REFUSED)
        found = np.where(lacking, UNDECIDED, complete).astype(np.int8)
        if node.below is not None:
            # What is known already is enough to say no.
            found[total >= node.below + (heads - 1) * node.further] = REFUSED
        return self._by_household(node.scope_mask, who, found[group], None)

    def _positions(self, node: Income) -> Whole:
        who, begin, end, _, position = memberships_of(self.columns, node.scope, node.rule)
        out = np.zeros(self.columns.persons, np.int64)
        on_day = (begin <= self.day) & (self.day <= end)
        out[who[on_day]] = position[on_day]
        return out
