"""When what is kept serves: facts by a rule, memberships by a rule, and who met whom.

Nothing in here depends on the day that is asked about, so it is worked out once for many days.
"""

from dataclasses import dataclass

import numpy as np

from services.rights.model.columns import UNKNOWN, Columns, Truth, Whole
from services.rights.model.law import Rule
from services.rights.model.nodes import Holds
from services.rights.model.words import DECISION, RUNS
from services.rights.rules.temporal import serve


@dataclass(frozen=True, slots=True)
class Spans:
    """From when until when what persons have serves, in the order of places in the columns."""

    who: Whole
    begin: Whole
    end: Whole


def of_type(columns: Columns, type_: int) -> slice:
    """Where the facts of a kind are."""
    low, high = np.searchsorted(columns.facts.type, [type_, type_ + 1])
    return slice(int(low), int(high))


def spans_of(columns: Columns, node: Holds) -> tuple[Spans, Spans]:
    """When facts serve: those of which something is not known, and those that are certain."""
    found = columns.spans.get(node)
    if found is None:
        found = columns.spans[node] = _spans(columns, node)
    return found  # type: ignore[return-value]


def places_of(columns: Columns, node: Holds) -> tuple[Whole, Truth]:
    """The places of the facts that count for a node, and which of them are uncertain."""
    places, uncertain = [], []
    facts = columns.facts
    for type_, ranges in node.types:
        place = np.arange(columns.persons and len(facts.who))[of_type(columns, type_)]
        value = facts.value[place]
        unsure = np.zeros(len(place), np.bool_)
        if ranges:
            unsure = value == UNKNOWN
            inside = [(value >= low) & (value <= high) for low, high in ranges]
            keep = np.logical_or.reduce(inside) | unsure
            place, unsure = place[keep], unsure[keep]
        if node.rule.grants == DECISION:
            unsure = unsure | (facts.decided[place] == UNKNOWN)
        places.append(place)
        uncertain.append(unsure)
    return np.concatenate(places), np.concatenate(uncertain)


def _spans(columns: Columns, node: Holds) -> tuple[Spans, Spans]:
    place, unsure = places_of(columns, node)
    # With what is uncertain, too, months may come together that else do not.
    return (
        _serving(columns, place if unsure.any() else place[:0], node.rule),
        _serving(columns, place[~unsure], node.rule),
    )


def _serving(columns: Columns, place: Whole, rule: Rule) -> Spans:
    facts = columns.facts
    who, begin, end = facts.who[place], facts.begin[place], facts.end[place]
    # A day of decision that is not known may be any: the earliest says the most.
    decided = np.where(facts.decided[place] == UNKNOWN, begin, facts.decided[place])
    if rule.test in RUNS:
        who, begin, end = runs_of(who, begin, end)
        decided = begin
    if len(who):
        begin, end = serve(rule, begin, end, decided)
    return Spans(who, begin, end)


def runs_of(who: Whole, begin: Whole, end: Whole) -> tuple[Whole, Whole, Whole]:
    """Periods of a person that touch or overlap become one."""
    if not len(who):
        return who, begin, end
    order = np.lexsort((end, begin, who))
    who, begin, end = who[order], begin[order], end[order]
    other = np.concatenate([[True], who[1:] != who[:-1]])
    lift = np.cumsum(other) * (1 << 23)
    high = np.maximum.accumulate(lift + end)
    starts = other.copy()
    starts[1:] |= lift[1:] + begin[1:] > high[:-1] + 1
    at = np.flatnonzero(starts)
    last = np.concatenate([at[1:] - 1, [len(who) - 1]])
    return who[at], begin[at], high[last] - lift[at]


def memberships_of(
    columns: Columns, scope: int, rule: Rule
) -> tuple[Whole, Whole, Whole, Whole, Whole]:
    """Persons, days, households and positions of a scope, by a rule."""
    key = (scope, rule)
    found = columns.spans.get(key)
    if found is None:
        of = columns.memberships
        low, high = np.searchsorted(of.scope, [scope, scope + 1])
        part = slice(int(low), int(high))
        begin, end = serve(rule, of.begin[part], of.end[part], of.begin[part])
        found = columns.spans[key] = (of.who[part], begin, end, of.group[part], of.position[part])
    return found  # type: ignore[return-value]


def mates_of(
    columns: Columns, scope: int, holder: Whole, begin: Whole, end: Whole
) -> tuple[Whole, Whole, Whole, Whole]:
    """Who was with somebody in a household between days: places in `holder`, persons, and from when
    until when they were together."""
    who, first, last, group, _ = memberships_of(columns, scope, Rule())
    at, place = _matching(who, holder)
    low = np.maximum(begin[at], first[place])
    high = np.minimum(end[at], last[place])
    met = low <= high
    at, low, high, home = at[met], low[met], high[met], group[place[met]]
    order = _by_group(columns, scope, group)
    again, mate = _matching(group[order], home)
    mate = order[mate]
    since, until = np.maximum(low[again], first[mate]), np.minimum(high[again], last[mate])
    together = since <= until
    return at[again[together]], who[mate[together]], since[together], until[together]


def _by_group(columns: Columns, scope: int, group: Whole) -> Whole:
    key = ("by group", scope)
    found = columns.spans.get(key)
    if found is None:
        found = columns.spans[key] = np.argsort(group, kind="stable")
    return found  # type: ignore[return-value]


def _matching(keys: Whole, wanted: Whole) -> tuple[Whole, Whole]:
    """All pairs of a place in `wanted` and a place in the sorted keys that are equal."""
    low = np.searchsorted(keys, wanted, "left")
    count = np.searchsorted(keys, wanted, "right") - low
    at = np.repeat(np.arange(len(wanted)), count)
    before = np.repeat(np.cumsum(count) - count, count)
    return at, np.repeat(low, count) + np.arange(len(at)) - before
