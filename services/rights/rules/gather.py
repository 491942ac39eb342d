"""Persons as they are told, into columns. What cannot be so is refused by its line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.rights.model.columns import COLLECTIVE, FAR, Columns, Facts, Memberships, Whole


@dataclass(frozen=True, slots=True)
class GivenFact:
    """A fact on a person, in numbers."""

    person: int
    type: int
    begin: int
    end: int = FAR
    decided: int = 0
    value: int = 0


@dataclass(frozen=True, slots=True)
class GivenMembership:
    """That a person is in a household."""

    person: int
    scope: int
    group: int
    begin: int
    end: int = FAR
    position: int = 1


def columns(
    born: Sequence[int],
    unknown: Mapping[int, int],
    facts: Sequence[GivenFact],
    memberships: Sequence[GivenMembership],
) -> Columns:
    """The columns of persons 0 to n; ValueError if somebody is in two households of a scope."""
    silent = np.zeros(len(born), np.int64)
    for person, mask in unknown.items():
        silent[person] = mask
    kept = _array([(f.type, f.person, f.value, f.begin, f.end, f.decided) for f in facts], 6)
    homes = [(m.scope, m.person, m.group, m.position, m.begin, m.end) for m in memberships]
    return sort(np.asarray(born, np.int64), silent, kept, _array(homes, 6))


def sort(born: Whole, unknown: Whole, facts: Whole, homes: Whole) -> Columns:
    """Columns of rows in any order: facts as kind, person, value, begin, end, decided; memberships
    as scope, person, household, position, begin, end."""
    facts = facts[np.lexsort((facts[:, 3], facts[:, 1], facts[:, 0]))]
    homes = homes[np.lexsort((homes[:, 4], homes[:, 1], homes[:, 0]))]
    _check(homes)
    group, size = _dense(homes)
    of = [np.ascontiguousarray(facts[:, at]) for at in range(6)]
    in_ = [np.ascontiguousarray(homes[:, at]) for at in range(6)]
    return Columns(
        born,
        unknown,
        Facts(of[1], of[0], of[2], of[3], of[4], of[5]),
        Memberships(in_[1], in_[0], group, in_[3], in_[4], in_[5], size),
    )


def _array(rows: Sequence[tuple[int, ...]], width: int) -> Whole:
    return np.array(rows, np.int64).reshape(len(rows), width)


def _check(homes: Whole) -> None:
    same = (homes[1:, 0] == homes[:-1, 0]) & (homes[1:, 1] == homes[:-1, 1])
    if (same & (homes[1:, 4] <= homes[:-1, 5])).any():
        raise ValueError("a person is in two households of one scope on the same day")
    if (homes[:, 5] < homes[:, 4]).any():
        raise ValueError("a membership ends before it begins")


def _dense(homes: Whole) -> tuple[Whole, int]:
    """Numbers of households without gaps; who is in a collective one is alone."""
    if not len(homes):
        return homes[:, 2], 0
    single = homes[:, 3] == COLLECTIVE
    own = np.where(single, np.arange(len(homes)), -1)
    keys = np.stack([homes[:, 0], np.where(single, 0, homes[:, 2]), own], axis=1)
    order = np.lexsort((keys[:, 2], keys[:, 1], keys[:, 0]))
    ordered = keys[order]
    new = np.concatenate([[0], (ordered[1:] != ordered[:-1]).any(axis=1)]).astype(np.int64)
    dense = np.empty(len(homes), np.int64)
    dense[order] = np.cumsum(new)
    return dense, int(new.sum()) + 1
