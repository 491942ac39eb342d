"""Comparing what an institution lists for a day with what the directory holds of it.

The list is the institution's word about its own dossiers, and the whole of it: what is held and not
listed is as much a difference as what is listed and not held.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.period import Period
from services.concepts.problems import Problem
from services.concepts.reviewed import LoadRefused
from services.directory.model import (
    Difference,
    Dossier,
    Loaded,
    OrganizationKey,
    Registration,
)
from services.directory.store import PostgresBulk, PostgresShelf

COLUMNS = ("ssin", "quality_code", "begin_date", "difference", "listed_phase", "listed_end_date",
           "held_phase", "held_end_date")  # fmt: skip
OTHERS = "is of another organization than the one whose list this is"


@dataclass(frozen=True)
class Reconciliation:
    """Compares one institution's list, and makes the directory agree with it when told to."""

    bulk: PostgresBulk
    shelf: PostgresShelf
    number: EnterpriseNumber
    key: OrganizationKey
    day: date

    async def compare(self, listed: Iterable[Registration]) -> list[Difference]:
        """All differences, by person; LoadRefused if a line is another organization's."""
        return await self.bulk.differences(self.key, self.day, self._own(listed))

    async def apply(self, differences: Sequence[Difference]) -> Loaded:
        """Make the differences changes, all or none; what is not listed ends the day before."""
        changes = [
            Registration(n, one.person, reconcile(one, self.key, self.day))
            for n, one in enumerate(differences, 1)
        ]
        return await self.shelf.register(changes)

    def _own(self, listed: Iterable[Registration]) -> Iterator[Registration]:
        for one in listed:
            if one.dossier.organization != self.key:
                raise LoadRefused([Problem("cbe_number", OTHERS, one.line)])
            yield one


def reconcile(difference: Difference, key: OrganizationKey, day: date) -> Dossier:
    """What a dossier becomes where list and directory differ: as listed, or else ended."""
    if difference.listed is not None:
        phase, end = difference.listed
    else:
        assert difference.held is not None
        phase, _ = difference.held
        # Whoever is not on the list of a day was known until the day before, at least one day.
        end = max(day - timedelta(days=1), difference.begin)
    return Dossier(key, difference.quality_code, phase, Period(difference.begin, end))


def kind(difference: Difference) -> str:
    """What sort of difference it is, in a word of the report."""
    if difference.held is None:
        return "NOT_HELD"
    return "NOT_LISTED" if difference.listed is None else "DIFFERS"


def write(differences: Iterable[Difference], report: Path) -> None:
    """Write the differences as CSV. The report names persons: it is kept as the list is."""
    with report.open("w", newline="") as file:
        written = csv.writer(file)
        written.writerow(COLUMNS)
        for one in differences:
            states = [part for state in (one.listed, one.held) for part in state or ("", "")]
            key = (one.person.digits, f"{one.quality_code:03d}", one.begin, kind(one))
            written.writerow([*key, *("" if part is None else part for part in states)])
