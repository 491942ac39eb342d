"""Telling a person who keeps a file on him.

Source: GDPR, article 15; Crossroads Bank Act of 15 January 1990, article 6 (the directory says who
has a file, in which quality and for which period).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from services.admission.errors import CitizenUnknown
from services.concepts.citizen import OWN_RIGHT, Citizen
from services.concepts.delays import Delay
from services.concepts.failures import Failure
from services.concepts.party import NO_CERTIFICATE
from services.concepts.ssin import Ssin
from services.concepts.status import status
from services.directory.model import (
    Call,
    Entry,
    FilePosition,
    PersonFile,
    Stage,
)
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
    trail: ports.Trail
    delays: Sequence[Delay]
    authorities: Collection[str]
    """The names of the authorities that issue citizens' certificates."""

    async def list_my_files(
        self, call: Call, asking: Citizen, after: FilePosition | None, most: int
    ) -> tuple[Sequence[PersonFile], FilePosition | None]:
        """A page of the files on a person, and after which one the next page begins."""
        ssin = await self._citizen(call, asking)
        catalogue = self.catalogues.current()
        person = await self.identification.resolve(ssin)
        numbers = {ssin, person.replaced_by or ssin}
        known = [
            await self.dossiers.dossiers_of(numbers, keys, known_at)
            for known_at, keys in citizens.told_at(catalogue, self.delays, call.received_at)
        ]
        page = citizens.page(known, catalogue, after, most)
        await self.trail.record(_entry(call, ssin, found=bool(page[0])))
        return page

    async def _citizen(self, call: Call, asking: Citizen) -> Ssin:
        try:
            return citizens.citizen_of(asking, self.authorities)
        except CitizenUnknown as stranger:
            await self.trail.record(_entry(call, None, stranger))
            raise


def _entry(
    call: Call, person: Ssin | None, refused: Failure | None = None, *, found: bool = False
) -> Entry:
    if call.certificate.organization is None:
        # The digest of a citizen's certificate would name him in plain.
        call = replace(call, certificate=NO_CERTIFICATE)
    return Entry(
        call,
        Stage.OUTCOME if refused is None else Stage.REFUSAL,
        permitted=refused is None,
        reason="" if refused is None else refused.reason(),
        person=person,
        status=None if refused else status("MSG00000" if found else "MSG00100"),
        reading_reason=OWN_RIGHT if refused is None else "",
    )
