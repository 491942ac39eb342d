"""What of a group is true when, and how a new word changes what is known.

Bitemporal: what is known better closes what was known before, and deletes nothing. A lower level of
proof never overwrites a higher one (advice in the description of the BIS register).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from services.concepts.incomplete_date import IncompleteDate
from services.identification.model.persons import Given, Group, Origin, Proof, Version
from services.identification.model.registering import Acceptance, Change

ONCE = frozenset({Group.BIRTH, Group.DECEASE, Group.SEX})
"""Groups that hold once and for all: another value is a correction, never a change."""


def _begin(given: Given) -> tuple[int, int, int]:
    day = given.valid_from
    return (0, 0, 0) if day is None else (day.year, day.month, day.day)


def _end(version: Version) -> tuple[int, int, int]:
    day = version.valid_until
    return (9999, 99, 99) if day is None else (day.year, day.month, day.day)


def true_on(versions: Iterable[Version], day: date) -> list[Version]:
    """The versions, as far as known now, that are true on a day, by group."""
    at = (day.year, day.month, day.day)
    true = [one for one in versions if _begin(one.given) <= at < _end(one)]
    return sorted(true, key=lambda one: one.given.group.value)


def known_at(versions: Iterable[Version], instant: datetime) -> list[Version]:
    """The versions that were the last word at an instant."""
    return [
        one
        for one in versions
        if one.known_from <= instant and (one.known_until is None or instant < one.known_until)
    ]


def open_version(given: Given, proof: Proof, now: datetime) -> Version:
    """The first version of a group."""
    whole = replace(given, valid_from=None) if given.group in ONCE else given
    return Version(whole, Origin.BCSS_KSZ, proof, now)


def change(known: Sequence[Version], given: Given, proof: Proof, now: datetime) -> Change:
    """What comes of a group that somebody gives, beside what is known of it now."""
    fresh = open_version(given, proof, now)
    begin = _begin(fresh.given)
    versions = sorted(
        (one for one in known if one.given.group is given.group), key=lambda one: _begin(one.given)
    )
    covering = [one for one in versions if _begin(one.given) <= begin < _end(one)]
    if not covering:
        later = [one for one in versions if _begin(one.given) > begin]
        until = later[0].given.valid_from if later else None
        first = (replace(fresh, valid_until=until),)
        return Change(given.group, Acceptance.ACCEPTED, opened=first)
    (old,) = covering
    if old.given.content == fresh.given.content and old.proof.value >= proof.value:
        return Change(given.group, Acceptance.UNCHANGED)
    if old.proof.value > proof.value:
        refused = f"rests on a higher level of proof: {old.proof.name}"
        return Change(given.group, Acceptance.REFUSED, refused)
    if old.given.content == fresh.given.content:
        # The same is known, on better grounds.
        better = (replace(old, proof=proof, known_from=now),)
        return Change(given.group, Acceptance.ACCEPTED, closed=(old,), opened=better)
    opened: tuple[Version, ...] = (replace(fresh, valid_until=old.valid_until),)
    if _begin(old.given) < begin:
        opened = (_cut_short(old, fresh.given.valid_from, now), *opened)
    return Change(given.group, Acceptance.ACCEPTED, closed=(old,), opened=opened)


def _cut_short(old: Version, until: IncompleteDate | None, now: datetime) -> Version:
    return replace(old, valid_until=until, known_from=now)


def apply_changes(known: Sequence[Version], changes: Iterable[Change]) -> list[Version]:
    """What is known after the changes."""
    left = list(known)
    for one in changes:
        left = [version for version in left if version not in one.closed]
        left += one.opened
    return left
