"""What a citizen is told of the files on him, and in which order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from services.concepts.delays import Delay, delay_at
from services.concepts.ssin import Ssin
from services.directory.model import (
    Catalogue,
    Dossier,
    FilePosition,
    OrganizationKey,
    PersonFile,
)


def position(one: PersonFile) -> FilePosition:
    """Where a file stands."""
    dossier = one.dossier
    return (
        one.organization.cbe_number.number,
        one.person.number,
        dossier.quality_code,
        dossier.period.begin.isoformat(),
    )


def told_at(
    catalogue: Catalogue, delays: Sequence[Delay], now: datetime
) -> list[tuple[datetime | None, Sequence[OrganizationKey]]]:
    """As they were known when the files of which organizations are told: now (nothing), or, where
    the law delays it, some time ago.

    An inquiry would be spoiled if the person learned of it by the file that it opens.
    """
    grouped: dict[timedelta, list[OrganizationKey]] = {}
    for number, key in catalogue.keys.items():
        wait = delay_at(catalogue.organizations[number].place, now.date(), delays)
        grouped.setdefault(wait, []).append(key)
    return [(now - wait if wait else None, keys) for wait, keys in sorted(grouped.items())]


def page(
    known: Iterable[Mapping[Ssin, Sequence[Dossier]]],
    catalogue: Catalogue,
    after: FilePosition | None,
    most: int,
) -> tuple[list[PersonFile], FilePosition | None]:
    """A page of the files, and after which one the next page begins."""
    organizations = {key: catalogue.organizations[number] for number, key in catalogue.keys.items()}
    every = [
        PersonFile(organizations[dossier.organization], person, dossier)
        for dossiers in known
        for person, some in dossiers.items()
        for dossier in some
    ]
    rest = sorted((one for one in every if after is None or position(one) > after), key=position)
    shown = rest[:most]
    return shown, position(shown[-1]) if len(rest) > most else None
