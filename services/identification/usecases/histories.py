"""What is or was known of a person, for who answers for the registers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.admission.model import Call
from services.admission.usecases import Operators
from services.concepts.ssin import Ssin
from services.identification.model.persons import Version
from services.identification.rules import history
from services.identification.usecases.numbers import Identification

MOST = 1000


class Store(Protocol):
    """All that was ever known."""

    async def history(self, ssin: Ssin) -> Sequence[Version]:
        """All that was ever known of a person, group by group."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What an operator asks, and why. Absent times mean any."""

    call: Call
    ssin: Ssin
    reason: str
    known_at: datetime | None
    true_on: date | None


@dataclass(frozen=True)
class Histories:
    """Shows what is or was known."""

    store: Store
    operators: Operators
    numbers: Identification

    async def list_versions(self, inquiry: Inquiry) -> tuple[Sequence[Version], bool]:
        """The versions asked for, and whether there are more; the reading is recorded first."""
        (resolved,) = await self.numbers.resolve_ssins([inquiry.ssin])
        versions = await self.store.history(resolved.replaced_by or inquiry.ssin)
        if inquiry.known_at is not None:
            versions = history.known_at(versions, inquiry.known_at)
        if inquiry.true_on is not None:
            versions = history.true_on(versions, inquiry.true_on)
        call, reason, found = inquiry.call, inquiry.reason, bool(versions)
        await self.operators.told(call, reason, inquiry.ssin, found=found)
        return versions[:MOST], len(versions) > MOST
