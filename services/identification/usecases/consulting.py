"""Asking the National Register: written down before, and what came of it with the outcome.

Source: slide 23: who somebody is, is looked up in the National Register or in the
registers of the bank itself, which hold only whom the National Register does not (Act of 15 January
1990, article 4).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.concepts.failures import Failure
from services.concepts.ssin import Ssin
from services.concepts.status import Status, status
from services.identification.model.calls import Admitted
from services.identification.model.persons import Group
from services.identification.model.searches import AddressCriteria, Found, Phonetic
from services.identification.model.sources import Away, Bearer, Inquiry, inquiry_of

FOUND, NOTHING, NO_ANSWER = "MSG00000", "MSG00100", "CBSS20001"


class NationalRegister(Protocol):
    """The authentic source; fails when it gives no usable answer."""

    async def look(
        self, inquiry: Inquiry, asked: Phonetic | AddressCriteria, most: int
    ) -> Found: ...

    async def bearers(
        self, asked: Sequence[tuple[Inquiry, Ssin]], groups: Collection[Group]
    ) -> Sequence[Bearer | Failure | None]: ...


class Intents(Protocol):
    """Makes it durable that a source will be asked; fails when it is not."""

    async def intend(self, admitted: Admitted, subject: Ssin | None) -> None: ...


@dataclass(frozen=True)
class Consulting:
    """Asks the National Register, under the deliberation of the call."""

    register: NationalRegister
    intents: Intents

    async def look(
        self, admitted: Admitted, asked: Phonetic | AddressCriteria, most: int
    ) -> Found | Away:
        """Who may be meant there."""
        await self.intents.intend(admitted, None)
        try:
            return await self.register.look(inquiry_of(admitted.call), asked, most)
        except Failure as failed:
            return Away(failed.reason())

    async def bearer(
        self, admitted: Admitted, ssin: Ssin, groups: Collection[Group]
    ) -> Bearer | Away | None:
        """Who bears a number there, with these groups; none if nobody does."""
        await self.intents.intend(admitted, ssin)
        (told,) = await self.bearers([(inquiry_of(admitted.call), ssin)], groups)
        return told

    async def bearers(
        self, asked: Sequence[tuple[Inquiry, Ssin]], groups: Collection[Group]
    ) -> list[Bearer | Away | None]:
        """Who bears each of some numbers there; that it is asked is in writing already."""
        try:
            told = await self.register.bearers(asked, groups)
        except Failure as failed:
            return [Away(failed.reason())] * len(asked)
        return [Away(one.reason()) if isinstance(one, Failure) else one for one in told]


def status_of(told: Found | Bearer | Away | None) -> Status:
    """How the source answered."""
    match told:
        case Away(because):
            return status(NO_ANSWER, ("reason", because))
        case Found(candidates=()) | None:
            return status(NOTHING)
    return status(FOUND)
