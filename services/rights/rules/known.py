"""What is known of persons, in the columns that a plan is worked out on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.rights.model.columns import FAR, UNKNOWN, Columns
from services.rights.model.law import Law
from services.rights.model.people import KnownFact, KnownMembership, Neighbourhoods
from services.rights.rules import calendar, gather
from services.rights.rules.gather import GivenFact, GivenMembership

BIRTH = "BIRTH_DATE"
"""The kind of fact that says when somebody was born, as yyyymmdd."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Columns, with who and what stands where in them."""

    columns: Columns
    places: dict[Ssin, int]
    facts: tuple[KnownFact, ...]


def prepare(law: Law, known: Neighbourhoods, persons: Iterable[Ssin]) -> Prepared:
    """The columns of persons and their neighbours. Of a source that has not told all that it has,
    nobody knows what it does not say; of a household that contradicts itself, nothing. Who is asked
    about and in no household of a kind is not known to be in none: of whom no right could concern
    nothing was kept."""
    asked = frozenset(persons)
    everybody = {*asked, *(one.person for one in known.facts)}
    everybody |= {one.person for one in known.memberships}
    places = {person: at for at, person in enumerate(sorted(everybody, key=lambda p: p.number))}
    born = [UNKNOWN] * len(places)
    for fact in known.facts:
        if fact.kind == BIRTH and fact.value is not None:
            born[places[fact.person]] = calendar.number(day_of(fact.value))
    silent = dict.fromkeys(range(len(places)), _unfed(law, known.wholes.keys()))
    for person, sources in known.silent.items():
        if person in places:
            silent[places[person]] |= _mask(law, sources)
    homes: list[GivenMembership] = []
    groups: dict[tuple[str, int], int] = {}
    by_scope = _by_scope(known.memberships)
    for person in asked:
        for scope in law.scopes.values():
            if (person, scope.name) not in by_scope:
                silent[places[person]] |= law.sources[scope.source].bit
    for (person, name), own in by_scope.items():
        if _contradicts(own):
            silent[places[person]] |= law.sources[law.scopes[name].source].bit
            continue
        for one in own:
            group = groups.setdefault((name, one.household), len(groups))
            homes.append(_membership(law, places[person], group, one))
    kept = [fact for fact in known.facts if fact.kind in law.facts]
    rows = [_fact(law, places[fact.person], fact) for fact in kept]
    order = np.lexsort(
        (
            [row.begin for row in rows],
            [row.person for row in rows],
            [row.type for row in rows],
        )
    )
    ordered = tuple(kept[at] for at in order.tolist()) if rows else ()
    return Prepared(gather.columns(born, silent, rows, homes), places, ordered)


def day_of(value: int) -> date:
    """The day that yyyymmdd says."""
    return date(value // 10_000, value // 100 % 100, value % 100)


def _unfed(law: Law, whole: Iterable[SectorInstitution]) -> int:
    told, mask = frozenset(whole), 0
    for one in law.sources.values():
        if not told.issuperset(one.fed_by):
            mask |= one.bit
    return mask


def _mask(law: Law, silent: Iterable[SectorInstitution]) -> int:
    said, mask = frozenset(silent), 0
    for one in law.sources.values():
        if not said.isdisjoint(one.fed_by):
            mask |= one.bit
    return mask


def _by_scope(
    memberships: Sequence[KnownMembership],
) -> dict[tuple[Ssin, str], list[KnownMembership]]:
    found: dict[tuple[Ssin, str], list[KnownMembership]] = {}
    for one in memberships:
        found.setdefault((one.person, one.scope), []).append(one)
    return found


def _contradicts(own: Sequence[KnownMembership]) -> bool:
    """Whether somebody is in two households of one scope on a day."""
    ordered = sorted(own, key=lambda one: one.period.begin)
    return any(
        last.period.end is None or last.period.end >= following.period.begin
        for last, following in pairwise(ordered)
    )


def _days(period: Period) -> tuple[int, int]:
    end = FAR if period.end is None else calendar.number(period.end)
    return calendar.number(period.begin), end


def _fact(law: Law, person: int, fact: KnownFact) -> GivenFact:
    kind = law.facts[fact.kind]
    begin, end = _days(fact.period)
    decided = UNKNOWN if fact.decided_on is None else calendar.number(fact.decided_on)
    value = fact.value if fact.value is not None else (0 if kind.value == "none" else UNKNOWN)
    return GivenFact(person, kind.code, begin, end, decided, value)


def _membership(law: Law, person: int, group: int, one: KnownMembership) -> GivenMembership:
    begin, end = _days(one.period)
    return GivenMembership(person, law.scopes[one.scope].code, group, begin, end, one.position)
