"""What a person is shown later, where the law says so (General Data Protection Regulation, article
23): one rule for everything that citizens read.

The rules are data (data/delays.yaml). What is delayed is left out without a word: that something is
withheld would tell.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, Field

from services.concepts import written
from services.concepts.dated import Dated, histories, load
from services.concepts.organization import SectorInstitution


class Delay(Dated):
    """What is done for a purpose or kept at a place is shown some days later, from a day on."""

    legal_context: written.Text
    """Ends in `*` where it stands for any rest."""
    days: Annotated[int, Field(strict=True, ge=1, le=3660)]
    places: frozenset[written.Place] = frozenset()


def _each_has_one_history(rules: tuple[Delay, ...]) -> tuple[Delay, ...]:
    histories(rules, lambda one: one.legal_context)
    return rules


class Delays(written.Part):
    """The rules of a file."""

    delays: Annotated[tuple[Delay, ...], AfterValidator(_each_has_one_history)]


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
    return load("services.concepts", "data/delays.yaml", Delays).delays


def _latest(ruling: Iterable[Delay], day: date) -> timedelta:
    of = histories(ruling, lambda one: one.legal_context)
    begun = [one for history in of.values() if (one := history.find(day)) is not None]
    return timedelta(days=max(begun, key=lambda one: one.begins).days if begun else 0)


def _covers(pattern: str, legal_context: str) -> bool:
    if pattern.endswith("*"):
        return legal_context.startswith(pattern[:-1])
    return legal_context == pattern
