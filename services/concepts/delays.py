"""What a person is shown later, where the law says so (General Data Protection Regulation, article
23): one rule for everything that citizens read.

The rules are data (data/delays.yaml). What is delayed is left out without a word: that something is
withheld would tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import yaml

from services.concepts.organization import SectorInstitution, parse_sector_institution


@dataclass(frozen=True, slots=True)
class Delay:
    """What is done for a purpose or kept at a place is shown some days later, from a day on."""

    begins: date
    legal_context: str
    """Ends in `*` where it stands for any rest."""
    days: int
    source: str
    places: frozenset[SectorInstitution] = frozenset()


def delay(legal_context: str, day: date, delays: Sequence[Delay]) -> timedelta:
    """How long what was done for a purpose on a day is not shown to the person: the rule in force
    on that day governs; of several, the latest."""
    return _latest([one for one in delays if _covers(one.legal_context, legal_context)], day)


def delay_at(place: SectorInstitution | None, day: date, delays: Sequence[Delay]) -> timedelta:
    """How long what an organization at a place keeps is not shown to the person, by the rule of a
    day."""
    return _latest([one for one in delays if place in one.places], day)


@cache
def delays() -> tuple[Delay, ...]:
    """The rules, read once; a malformed list stops the process that needs it."""
    text = files("services.concepts").joinpath("data/delays.yaml").read_text("utf-8")
    return parsed(yaml.safe_load(text))


def parsed(held: dict[str, list[dict[str, object]]]) -> tuple[Delay, ...]:
    """The rules that a file holds; ValueError if one of them is none."""
    return tuple(map(_parsed, held["delays"]))


def _parsed(one: dict[str, object]) -> Delay:
    begins, context, days = one["from"], one["legal_context"], one["days"]
    source, places = one["source"], one["places"]
    if not isinstance(begins, date) or not isinstance(days, int) or not 0 < days <= 3660:
        raise ValueError("delays.yaml has a rule without its day, or for no time")
    if not isinstance(context, str) or not context or not isinstance(source, str) or not source:
        raise ValueError("delays.yaml has a rule without its purpose or source")
    if not isinstance(places, list):
        raise ValueError("delays.yaml has a rule without its places")
    return Delay(begins, context, days, source, frozenset(map(_place, places)))


def _place(written: str) -> SectorInstitution:
    sector, _, institution = written.partition(".")
    return parse_sector_institution(int(sector), int(institution))


def _latest(ruling: Sequence[Delay], day: date) -> timedelta:
    begun = [one for one in ruling if one.begins <= day]
    return timedelta(days=max(begun, key=lambda one: one.begins).days if begun else 0)


def _covers(pattern: str, legal_context: str) -> bool:
    if pattern.endswith("*"):
        return legal_context.startswith(pattern[:-1])
    return legal_context == pattern
