"""What sources feed beside facts: who is in which household, of whom they could not say anything,
and that they have told all that they have."""

from collections.abc import Mapping
from datetime import datetime

from services.buffer.definitions import fact_types, scopes, sources
from services.buffer.load.parts import as_of_in, day_in, place_in, require
from services.buffer.model import Membership, Silence, Whole
from services.concepts.failures import invalid
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import parse_ssin

POSITIONS = {"1": 1, "2": 2, "3": 3, "20": 20}
"""Holder or reference person, partner, dependant, in a collective household."""
LONGEST = 18
"""Digits of the number of a household."""
MEMBERSHIP = (
    frozenset(
        {"ssin", "supplier", "scope", "household", "position"}
        | {"begin_date", "as_of", "expires_on"}
    ),
    frozenset({"end_date"}),
)
SILENCE = (frozenset({"ssin", "supplier", "could_not_say", "as_of"}), frozenset[str]())
WHOLE = (frozenset({"supplier", "told_all", "as_of"}), frozenset[str]())


def membership(plain: Mapping[str, str], latest: datetime) -> Membership:
    """That a person is in a household."""
    require(plain, *MEMBERSHIP)
    fed_by = scopes().get(plain["scope"])
    if fed_by is None:
        raise invalid("scope", "is no kind of household that is kept")
    place = place_in(plain)
    if place not in fed_by:
        raise invalid("supplier", "must be a source of this kind of household")
    number = plain["household"]
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST):
        raise invalid("household", f"must be a number of at most {LONGEST} digits")
    if plain["position"] not in POSITIONS:
        raise invalid("position", f"must be one of {', '.join(POSITIONS)}")
    end = day_in(plain, "end_date") if "end_date" in plain else None
    return Membership(
        parse_ssin(plain["ssin"]),
        plain["scope"],
        int(number),
        POSITIONS[plain["position"]],
        Period(day_in(plain, "begin_date"), end),
        place,
        as_of_in(plain, latest),
        day_in(plain, "expires_on"),
    )


def silence(plain: Mapping[str, str], latest: datetime) -> Silence:
    """That a source could not say anything of a person."""
    require(plain, *SILENCE)
    return Silence(
        parse_ssin(plain["ssin"]), _feeding(plain, "could_not_say"), as_of_in(plain, latest)
    )


def whole(plain: Mapping[str, str], latest: datetime) -> Whole:
    """That a source has told all that it has."""
    require(plain, *WHOLE)
    return Whole(_feeding(plain, "told_all"), as_of_in(plain, latest))


def _feeding(plain: Mapping[str, str], word: str) -> SectorInstitution:
    if plain[word] != "yes":
        raise invalid(word, "must be yes")
    place = place_in(plain)
    known = {one for kind in fact_types() for one in sources(kind)}
    if place not in known | {one for fed_by in scopes().values() for one in fed_by}:
        raise invalid("supplier", "must be a source of something that is kept")
    return place
