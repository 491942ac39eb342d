"""What lines of all kinds hold: an object of texts, a place, days, an instant."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.concepts.delays import delays
from services.concepts.failures import invalid
from services.concepts.organization import SectorInstitution, parse_sector_institution
from services.kit.loading import parse_line

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACE = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")
LEAD = timedelta(minutes=5)
"""How far the clock of a source may be ahead of ours."""


def object_in(line: str | bytes) -> dict[str, str]:
    """The object of texts that a line holds."""
    plain: Any = parse_line(line)
    if not isinstance(plain, dict) or not all(isinstance(value, str) for value in plain.values()):
        raise invalid("line", "must be an object of texts")
    return plain


def require(plain: Mapping[str, str], required: frozenset[str], optional: frozenset[str]) -> None:
    """Fails if a field is missing, or another is there."""
    if missing := required - plain.keys():
        raise invalid(min(missing), "is missing")
    if plain.keys() - required - optional:
        raise invalid("line", f"has fields other than {', '.join(sorted(required | optional))}")


def place_in(plain: Mapping[str, str]) -> SectorInstitution:
    """Who feeds."""
    found = _PLACE.fullmatch(plain["supplier"])
    if found is None:
        raise invalid("supplier", "must be sector.institution")
    place = parse_sector_institution(int(found[1]), int(found[2]), field="supplier")
    if any(place in one.places for one in delays()):
        # Everything that is kept here is told to the person at once.
        raise invalid("supplier", "must be none whose files the law tells the person later")
    return place


def day_in(plain: Mapping[str, str], field: str) -> date:
    """The day of a field."""
    try:
        if _DAY.fullmatch(plain[field]):
            return date.fromisoformat(plain[field])
    except ValueError:
        pass
    raise invalid(field, "must be a day, yyyy-mm-dd")


def as_of_in(plain: Mapping[str, str], latest: datetime) -> datetime:
    """When the source saw it so."""
    as_of = _instant(plain)
    if as_of > latest:
        # It would stand against every correction until that day has come.
        raise invalid("as_of", "must not lie in the future")
    return as_of


def _instant(plain: Mapping[str, str]) -> datetime:
    try:
        told = datetime.fromisoformat(plain["as_of"])
        if told.tzinfo is not None:
            return told.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise invalid("as_of", "must be an instant with its zone, yyyy-mm-ddThh:mm:ssZ")
