"""Persons as people spell them: a labelled set of what was asked and who was meant."""

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sandbox.people import Person
from services.identification.rules.spelling import folded

__all__ = ["Label", "folded", "labelled"]

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LANGUAGES = ("nl", "fr", "de")
SOUNDS = {
    "nl": (
        ("ij", "y"),
        ("ck", "k"),
        ("ae", "aa"),
        ("dt", "t"),
        ("ck", "kx"),
        ("gh", "g"),
        ("ss", "s"),
        ("oe", "ou"),
        ("uy", "ui"),
    ),
    "fr": (
        ("eau", "o"),
        ("ph", "f"),
        ("ss", "s"),
        ("rt", "r"),
        ("qu", "k"),
        ("ll", "l"),
        ("x", ""),
    ),
    "de": (
        ("ü", "ue"),
        ("ö", "oe"),
        ("ä", "ae"),
        ("ß", "ss"),
        ("ei", "ai"),
        ("dt", "t"),
        ("ck", "k"),
        ("mm", "m"),
        ("mann", "man"),
    ),
}


@dataclass(frozen=True)
class Label:
    """What was asked, in which way it is wrong, and who was meant."""

    kind: str
    person: Person
    asked: Person
    last_name: str
    first_name: str


def labelled(sampled: Sequence[Person], many: int) -> list[Label]:
    """So many of each kind, in equal parts of the three languages as far as there are names."""
    chance = random.Random(29)
    found: list[Label] = []
    for spoil in KINDS.values():
        for language in LANGUAGES:
            wanted = many // len(KINDS) // len(LANGUAGES) + 1
            spoilt = (
                spoil(one, chance) for one in sampled if one.language == language and one.birth[2]
            )
            taken = [(at, one) for at, one in enumerate(spoilt) if one is not None]
            found += [one for _, one in taken[:wanted]]
    return found


def _label(kind: str, one: Person, last: str, first: str, asked: Person | None = None) -> Label:
    return Label(kind, one, asked or one, last, first)


def _typo(name: str, chance: random.Random) -> str:
    """One letter wrong, missing, too many or in the wrong place; never the first."""
    at = chance.randrange(1, len(name))
    kind = chance.randrange(4)
    if kind == 0:
        return name[:at] + chance.choice(LETTERS) + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2:
        return name[:at] + chance.choice(LETTERS) + name[at:]
    return name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]


def _typo_in_last(one: Person, chance: random.Random) -> Label | None:
    wrong = _typo(one.last_name, chance)
    return _label("typo in the last name", one, wrong, one.first_names[0])


def _typo_in_first(one: Person, chance: random.Random) -> Label | None:
    wrong = _typo(one.first_names[0], chance)
    return _label("typo in the first name", one, one.last_name, wrong)


def _swapped(one: Person, chance: random.Random) -> Label | None:
    return _label("names exchanged", one, one.first_names[0], one.last_name)


def _without_accents(one: Person, chance: random.Random) -> Label | None:
    bare = [
        "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        for text in (one.last_name, one.first_names[0])
    ]
    if bare == [one.last_name, one.first_names[0]]:
        return None
    return _label("accents missing", one, *bare)


def _wrong_day(one: Person, chance: random.Random) -> Label | None:
    off = chance.choice([n for n in range(-10, 11) if n])
    day = date(*one.birth) + timedelta(days=off)
    asked = replace(one, birth=(day.year, day.month, day.day))
    return _label("wrong day", one, one.last_name, one.first_names[0], asked)


def _by_ear(one: Person, chance: random.Random) -> Label | None:
    fits = [pair for pair in SOUNDS[one.language] if pair[0] in one.last_name.lower()[1:]]
    if not fits:
        return None
    written, heard = chance.choice(fits)
    last = one.last_name[0] + one.last_name[1:].lower().replace(written, heard)
    return _label("written by ear", one, last, one.first_names[0])


def _particles(one: Person, chance: random.Random) -> Label | None:
    if " " not in one.last_name:
        return None
    joined = one.last_name.replace(" ", "")
    bare = one.last_name.rpartition(" ")[2]
    return _label("particles", one, chance.choice((joined, bare)), one.first_names[0])


def _twice(one: Person, chance: random.Random) -> Label | None:
    wrong = _typo(one.last_name, chance), _typo(one.first_names[0], chance)
    return _label("typo in both names", one, *wrong)


KINDS: dict[str, Callable[[Person, random.Random], Label | None]] = {
    "typo in the last name": _typo_in_last,
    "typo in the first name": _typo_in_first,
    "typo in both names": _twice,
    "names exchanged": _swapped,
    "accents missing": _without_accents,
    "wrong day": _wrong_day,
    "written by ear": _by_ear,
    "particles": _particles,
}
