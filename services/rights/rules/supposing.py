"""What would be known of a person if something were otherwise. Nothing of it is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.rights.model.columns import DEPENDANT, HOLDER
from services.rights.model.law import Law
from services.rights.model.people import (
    KnownFact,
    KnownMembership,
    Neighbourhoods,
    Supposed,
)
from services.rights.rules.known import BIRTH

POSTAL_CODE = "POSTAL_CODE"
INCOMES = ("INCOME_GROSS", "INCOME_NET")
YEARS = (1, 2, 3)
"""The years before the day whose income is supposed."""
_FIRST_INVENTED = 10**11
"""Above every number of a person: of whom is only supposed to be there."""
_SUPPOSED = -1
"""The number of a household that is only supposed."""


def suppose(
    law: Law, known: Neighbourhoods, person: Ssin, supposed: Supposed, day: date
) -> Neighbourhoods:
    """What would be known."""
    since = date(day.year - 1, 1, 1)
    if supposed.birth is not None:
        value = supposed.birth.year * 10_000 + supposed.birth.month * 100 + supposed.birth.day
        known = _with(law, known, person, BIRTH, [(supposed.birth, None, value)])
    if supposed.postal_code is not None:
        code = supposed.postal_code
        known = _with(law, known, person, POSTAL_CODE, [(since, None, code)])
    if supposed.income is not None:
        spans = [date(day.year - back, 1, 1) for back in YEARS]
        told = [(one, date(one.year, 12, 31), supposed.income) for one in spans]
        for kind in INCOMES:
            known = _with(law, known, person, kind, told)
    if supposed.alone:
        known = _apart(law, known, person, since)
    return _with_dependants(law, known, person, supposed.dependants, since, day)


def _places(law: Law, kind: str) -> tuple[SectorInstitution, ...]:
    name = law.facts[kind].source if kind in law.facts else "RRN"
    return law.sources[name].fed_by


def _with(
    law: Law,
    known: Neighbourhoods,
    person: Ssin,
    kind: str,
    told: Sequence[tuple[date, date | None, int]],
) -> Neighbourhoods:
    """The same with other facts of a kind, of which the source has then told all."""
    at = _places(law, kind)[0]
    rest = [one for one in known.facts if one.person != person or one.kind != kind]
    facts = [
        KnownFact(person, kind, at, Period(begin, end), None, value, begin)
        for begin, end, value in told
    ]
    return replace(known, facts=[*rest, *facts])


def _apart(law: Law, known: Neighbourhoods, person: Ssin, since: date) -> Neighbourhoods:
    """The same with the person alone in every kind of household."""
    rest = [one for one in known.memberships if one.person != person]
    own = [
        KnownMembership(person, scope, _SUPPOSED, HOLDER, Period(since, None))
        for scope in law.scopes
    ]
    return replace(known, memberships=[*rest, *own])


def _with_dependants(
    law: Law, known: Neighbourhoods, person: Ssin, many: int, since: date, day: date
) -> Neighbourhoods:
    """The same with dependants more in every household in which the person is on the day."""
    at = [
        (one.scope, one.household)
        for one in known.memberships
        if one.person == person and one.period.covers(day)
    ]
    more = [
        KnownMembership(Ssin(_FIRST_INVENTED + n), scope, household, DEPENDANT, Period(since, None))
        for n in range(many)
        for scope, household in at
    ]
    return replace(known, memberships=[*known.memberships, *more])
