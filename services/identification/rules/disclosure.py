"""What of a person is shown: what the deliberation grants, and nothing undisclosable.

A grant of a part of a group shows none of it here: these answers show groups whole or not at all.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from services.admission.model import Granted
from services.concepts.ssin import Ssin
from services.identification.model.persons import Group, Identity, Origin, Version
from services.identification.model.searches import Candidate
from services.identification.rules.history import true_on

CANDIDATE_FIELDS = ("ssin", "last_name", "first_names", "birth_date", "sex", "register")
"""The fields of a candidate that tell something of the person."""

EXTENDED = {
    Group.BIRTH: "birth",
    Group.DECEASE: "decease",
    Group.CIVIL_STATE: "civil_state",
    Group.NATIONALITY: "nationalities",
    Group.REGISTER: "registration",
}
"""What a verification unlocks (SSDN, extended block), as fields of the contract's message."""


def is_granted(granted: Granted | None, field: str) -> bool:
    """Whether the whole field may be shown."""
    return granted is not None and ("*" in granted.fields or field in granted.fields)


def cut_candidate(granted: Granted | None) -> tuple[str, ...]:
    """The fields of candidates that are not shown."""
    return tuple(field for field in CANDIDATE_FIELDS if not is_granted(granted, field))


def unlocked_groups(granted: Granted | None) -> frozenset[Group]:
    """The groups that a verification may show."""
    return frozenset(group for group, field in EXTENDED.items() if is_granted(granted, field))


def split_extended(
    known: Sequence[Version], granted: Granted | None, day: date
) -> tuple[tuple[Version, ...], tuple[str, ...]]:
    """The groups that a verification shows as they are true on a day, and the fields cut."""
    true = [version for version in true_on(known, day) if version.given.group in EXTENDED]
    shown = tuple(version for version in true if is_granted(granted, EXTENDED[version.given.group]))
    cut = {EXTENDED[version.given.group] for version in true if version not in shown}
    return shown, tuple(sorted(cut))


def origins(shown: Iterable[Candidate]) -> dict[Ssin, frozenset[Origin]]:
    """Which register each of the candidates is shown from."""
    return {one.identity.ssin: frozenset({one.identity.register.origin}) for one in shown}


def confirmed_origins(
    identity: Identity | None, extended: Sequence[Version]
) -> dict[Ssin, frozenset[Origin]]:
    """Which registers an identity is confirmed from, and what it unlocks is shown from."""
    if identity is None:
        return {}
    unlocked = {version.origin for version in extended}
    return {identity.ssin: frozenset({identity.register.origin, *unlocked})}
