"""A citizen who asks who keeps a file on him, and what he is told."""

from dataclasses import dataclass

from services.concepts.reference import Organization
from services.concepts.ssin import Ssin
from services.directory.model.dossiers import Dossier


@dataclass(frozen=True, slots=True)
class PersonFile:
    """An organization keeps a file on a person, on this number."""

    organization: Organization
    person: Ssin
    dossier: Dossier


FilePosition = tuple[int, int, int, str]
"""Where a file stands among a person's: organization, number, quality, first day."""
