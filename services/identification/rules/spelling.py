"""Names as they are compared: folded, sounded, and with one letter left out.

Folding takes away case, signs and the differences between alphabets of Latin letters, and leaves
spaces between words. A name is then found by its sounds, taken by two independent encoders (one for
German, one for names in general, both after what Dutch, French and German spell alike is written
alike), by those of its parts, and by itself with any one letter left out, which finds every single
wrong, missing, added or exchanged letter. Keys only find; `likeness` decides.

Source: the identification service matches names by sound; the algorithm is not public.
"""

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated

import cologne_phonetics
import jellyfish
from pydantic import Field

from services.concepts import written
from services.concepts.dated import Dated, load

_SILENT = re.compile(r"(?:[EU]?[XSTD]|E|EN)$")
_NAMED = re.compile(
    r"LATIN (?:CAPITAL|SMALL) LETTER (?:LONG |SMALL |DOTLESS )?([A-Z]{1,2})(?: WITH | BAR|$)"
)
_APOSTROPHES = str.maketrans("", "", "'`\u00b4\u00b7\u2018\u2019\u201b\u2032\u02b9")
"""What stands within a name without parting it."""
_SIGNS = frozenset({"Mn", "Mc", "Me", "Lm", "Sk", "Cf"})
"""Signs on letters and beside them, and what nobody sees."""
SHORTEST_TYPO = 4
"""Letters that a name has at least for one of them to be wrong: shorter names are too alike."""
ALIKE = 0.86
"""How alike names count at least that sound the same."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """The rules of data/spelling.yaml."""

    letters: dict[str, str]
    particles: frozenset[str]
    sounds: tuple[tuple[str, str], ...]


class _Sound(written.Part):
    written: str
    instead: Annotated[str, Field(alias="as")]


class _File(Dated):
    version: int
    letters: dict[str, str]
    particles: frozenset[str]
    sounds: tuple[_Sound, ...]


@cache
def spelling() -> Spelling:
    """The rules, read once; malformed ones stop the process that needs them."""
    held = load("services.identification", "data/spelling.yaml", _File)
    sounds = tuple((one.written, one.instead) for one in held.sounds)
    return Spelling(held.letters, held.particles, sounds)


@lru_cache(maxsize=65_536)
def folded(name: str) -> str:
    """The words of a name in the letters A to Z, each word once after the other; maybe none."""
    apart = unicodedata.normalize("NFKD", name.upper().translate(_APOSTROPHES))
    # Only then letter by letter: Ǿ without its accent is Ø, which does not come apart.
    plain = "".join(map(_plain, apart.translate(_APOSTROPHES)))
    return " ".join(plain.upper().split())


def _plain(letter: str) -> str:
    """A letter of A to Z or what is written for it, nothing for a sign, a space for all else."""
    if "A" <= letter.upper() <= "Z":
        return letter
    if unicodedata.category(letter) in _SIGNS:
        return ""
    known = spelling().letters.get(letter) or spelling().letters.get(letter.upper())
    if known is not None:
        return known
    named = _NAMED.match(unicodedata.name(letter, ""))
    return named[1] if named else " "


def core(name: str) -> list[str]:
    """The words of a folded name without particles; all of them if it has no others."""
    words = name.split()
    return [word for word in words if word not in spelling().particles] or words


@lru_cache(maxsize=65_536)
def write_by_sound(word: str) -> str:
    """A folded word with what sounds alike written alike."""
    for heard, instead in spelling().sounds:
        word = word.replace(heard, instead)
    letters = [word[:1], *(b for a, b in itertools.pairwise(word) if a != b)]
    return "".join(letters)


@lru_cache(maxsize=65_536)
def cologne(word: str) -> str:
    """The sound of a word by the Cologne method."""
    return "".join(code for _, code in cologne_phonetics.encode(write_by_sound(word)))


@lru_cache(maxsize=16_384)
def keys(name: str) -> frozenset[int]:
    """The numbers that a folded name is found by."""
    return frozenset(_number(text) for text in _keys(name))


@lru_cache(maxsize=16_384)
def sounds(name: str) -> frozenset[int]:
    """The keys of a folded name's sounds alone: by these two names of one person surely meet."""
    return frozenset(_number(text) for text in _sounds(name))


def _keys(name: str) -> Iterator[str]:
    yield from _sounds(name)
    for whole in {name.replace(" ", ""), "".join(core(name))}:
        yield f"={whole}"
        if len(whole) >= SHORTEST_TYPO:
            yield from (f"={whole[:at]}{whole[at + 1 :]}" for at in range(len(whole)))


def _sounds(name: str) -> Iterator[str]:
    words = core(name)
    spoken = {name.replace(" ", ""), "".join(words)}
    spoken.update(word for word in words if len(word) >= SHORTEST_TYPO)
    # What nobody hears at the end: Janssen and Janssens, Delhay and Delhaye.
    spoken.update(_SILENT.sub("", word) for word in tuple(spoken) if len(word) > SHORTEST_TYPO)
    for word in spoken:
        yield f"c{cologne(word)}"
        yield f"m{jellyfish.metaphone(write_by_sound(word))}"


def _number(key: str) -> int:
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def likeness(one: str, other: str) -> float:
    """How alike two folded names are, 0 to 1."""
    if one == other:
        return 1.0
    first, second = one.replace(" ", ""), other.replace(" ", "")
    if first == second:
        return 0.99
    bare, barer = core(one), core(other)
    best = max(
        _likeness(first, second),
        0.97 * _likeness("".join(bare), "".join(barer)),
    )
    if len(bare) > 1 or len(barer) > 1:
        # Of a double name people often use one part.
        best = max(best, 0.93 * max(_likeness(a, b) for a in bare for b in barer))
    return best


@lru_cache(maxsize=65_536)
def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    distance = jellyfish.damerau_levenshtein_distance(one, other)
    letters = 1 - distance / max(len(one), len(other), 1)
    alike = max(letters, jellyfish.jaro_winkler_similarity(one, other) - 0.05)
    if cologne(one) == cologne(other) or write_by_sound(one) == write_by_sound(other):
        return float(max(alike, ALIKE))
    return float(alike)
