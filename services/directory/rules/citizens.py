"""What a citizen is told of the files on him, and in which order."""

from collections.abc import Mapping, Sequence

from services.concepts.citizen import Citizen, find_citizen
from services.concepts.ssin import Ssin
from services.directory.errors import CitizenUnknown
from services.directory.model import Catalogue, Dossier, FilePosition, PersonFile


def citizen_of(citizen: Citizen, authority: str | None) -> Ssin:
    """Whose certificate it is; CitizenUnknown if it is not of the authority, or of no person."""
    found = find_citizen(citizen, authority)
    if found is None:
        raise CitizenUnknown
    return found


def position(one: PersonFile) -> FilePosition:
    """Where a file stands."""
    dossier = one.dossier
    return (
        one.organization.cbe_number.number,
        one.person.number,
        dossier.quality_code,
        dossier.period.begin.isoformat(),
    )


def page(
    dossiers: Mapping[Ssin, Sequence[Dossier]],
    catalogue: Catalogue,
    after: FilePosition | None,
    most: int,
) -> tuple[list[PersonFile], FilePosition | None]:
    """A page of the files, and after which one the next page begins."""
    organizations = {key: catalogue.organizations[number] for number, key in catalogue.keys.items()}
    every = [
        PersonFile(organizations[dossier.organization], person, dossier)
        for person, some in dossiers.items()
        for dossier in some
    ]
    rest = sorted((one for one in every if after is None or position(one) > after), key=position)
    shown = rest[:most]
    return shown, position(shown[-1]) if len(rest) > most else None
