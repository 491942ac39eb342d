"""One answer of two registers: each person once, told of by the National Register if it knows him.

Source: Act of 15 January 1990, article 4: the registers of the bank are subsidiary.
"""

from dataclasses import replace

from services.concepts.incomplete_date import IncompleteDate
from services.identification.model.persons import Identity, Shown, Version
from services.identification.model.searches import Candidate, Found, Phonetic
from services.identification.model.sources import Bearer
from services.identification.rules import searching, spelling


def merge(own: Found, theirs: Found, most: int) -> Found:
    """The candidates of both registers, the likeliest first."""
    known = {one.identity.ssin for one in theirs.candidates}
    rest = (one for one in own.candidates if one.identity.ssin not in known)
    both = sorted([*theirs.candidates, *rest], key=lambda one: (-one.score, one.identity.ssin))
    more = own.more_exist or theirs.more_exist or len(both) > most
    return Found(tuple(both[:most]), more)


def score(asked: Phonetic, found: Found) -> Found:
    """What the National Register found, with scores as our own search gives them."""
    each = [one for found_ in found.candidates for one in _both_ways(asked, found_.identity)]
    candidates, more = searching.rank(asked, each, max(len(each), 1))
    return Found(candidates, more or found.more_exist)


def _both_ways(asked: Phonetic, identity: Identity) -> tuple[Candidate, Candidate]:
    """As asked, and with first and last name exchanged."""
    last, first = spelling.folded(asked.last_name), spelling.folded(asked.first_name)
    straight = _score(last, first, asked.birth, identity)
    exchanged = searching.EXCHANGED * _score(first, last, asked.birth, identity) if first else 0
    return Candidate(identity, round(straight)), Candidate(identity, round(exchanged))


def _score(last: str, first: str, birth: IncompleteDate | None, identity: Identity) -> float:
    theirs = spelling.folded(identity.first_names[0]) if identity.first_names else ""
    alike = spelling.likeness(last, spelling.folded(identity.last_name))
    named = (
        0.55 * alike + 0.30 * (spelling.likeness(first, theirs) if theirs else 0.0)
        if first
        else 0.85 * alike
    )
    return 100 * (named + _birth_score(birth, identity.birth))


def _birth_score(asked: IncompleteDate | None, known: IncompleteDate) -> float:
    if asked == known:
        return 0.15
    if asked is None:
        return 0.08
    if (asked.year, asked.month) == (known.year, known.month):
        return 0.11
    return 0.10 if (asked.month, asked.day) == (known.month, known.day) else 0.08


def merge_shown(own: Shown, theirs: Bearer | None) -> Shown:
    """What proofs are compared with."""
    return own if theirs is None else replace(own, identity=theirs.identity)


def merge_versions(own: tuple[Version, ...], theirs: Bearer | None) -> tuple[Version, ...]:
    """What is known of a person: of a group that both registers tell, what the National does."""
    if theirs is None:
        return own
    told = {one.given.group for one in theirs.versions}
    return (*theirs.versions, *(one for one in own if one.given.group not in told))
