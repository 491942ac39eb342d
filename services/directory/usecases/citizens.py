"""Telling a person who keeps a file on him.

Source: GDPR, article 15; Crossroads Bank Act of 15 January 1990, article 6 (the directory says who
has a file, in which quality and for which period).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.admission import usecases as admission
from services.admission.model import Call
from services.concepts.citizen import Citizen
from services.concepts.delays import Delay
from services.directory.model import FilePosition, PersonFile
from services.directory.rules import citizens
from services.directory.usecases import ports
from services.directory.usecases.catalogues import CatalogueKeeper
from services.directory.usecases.locating import Store


@dataclass(frozen=True)
class Citizens:
    """Tells citizens, and nobody else, who keeps a file on them."""

    catalogues: CatalogueKeeper
    dossiers: Store
    identification: ports.Identification
    admission: admission.Citizens
    delays: Sequence[Delay]

    async def list_my_files(
        self, call: Call, asking: Citizen, after: FilePosition | None, most: int
    ) -> tuple[Sequence[PersonFile], FilePosition | None]:
        """A page of the files on a person, and after which one the next page begins."""
        ssin = await self.admission.admit(call, asking)
        catalogue = self.catalogues.current()
        person = await self.identification.resolve(ssin)
        numbers = {ssin, person.replaced_by or ssin}
        known = [
            await self.dossiers.dossiers_of(numbers, keys, known_at)
            for known_at, keys in citizens.told_at(catalogue, self.delays, call.received_at)
        ]
        page = citizens.page(known, catalogue, after, most)
        await self.admission.told(call, ssin, found=bool(page[0]))
        return page
