"""Telling a person what the registers keep about him.

Source: General Data Protection Regulation, article 15; law of 15 January 1990, article 4 (the
registers of the Crossroads Bank).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.admission import usecases as admission
from services.admission.model import Call
from services.concepts.citizen import Citizen
from services.concepts.delays import Delay
from services.concepts.ssin import Ssin
from services.identification.model.citizens import (
    DatumPosition,
    Held,
)
from services.identification.rules import citizens


class Store(Protocol):
    """All that is kept of persons."""

    async def held(self, ssin: Ssin) -> Held:
        """What is kept of a person under any number that he has or had."""


@dataclass(frozen=True)
class Citizens:
    """Tells citizens, and nobody else, what is kept about them."""

    store: Store
    admission: admission.Citizens
    delays: Sequence[Delay]

    async def list_my_person_data(
        self, call: Call, asking: Citizen, after: DatumPosition | None, most: int
    ) -> tuple[Held, DatumPosition | None]:
        """A page of what is kept, and after which datum the next page begins."""
        ssin = await self.admission.admit(call, asking)
        held = citizens.hide_delayed(await self.store.held(ssin), self.delays, call.received_at)
        page = citizens.page(held, after, most)
        # What stands on any page is what is kept, whatever this one holds.
        has_found = bool(held.numbers or held.cards or held.versions)
        await self.admission.told(call, ssin, found=has_found)
        return page
