"""The one door (law 1): the caller is known, a deliberation allows it, the trail has it."""

from dataclasses import dataclass
from typing import Protocol

from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.failures import Failure
from services.concepts.ssin import Ssin
from services.concepts.status import Status, status
from services.identification.model.calls import (
    Admitted,
    Call,
    Entry,
    Granted,
    Party,
    Stopped,
)
from services.identification.model.searches import Reason


class Access(Protocol):
    """Knows the organizations, and decides on the deliberations in force."""

    async def party(self, call: Call) -> Party: ...

    async def check(self, call: Call, party: Party, contract: ContractName) -> Granted | Denied: ...


class Trail(Protocol):
    """Makes records durable; returns when they are, fails when they are not."""

    async def turn_away(self, call: Call, failure: Failure) -> None: ...

    async def deny(
        self, call: Call, party: Party, contract: ContractName, denied: Denied, status: Status
    ) -> None: ...

    async def intend(self, admitted: Admitted, subject: Ssin | None) -> None: ...

    async def record(self, admitted: Admitted, entry: Entry) -> None: ...


@dataclass(frozen=True)
class Door:
    """Lets calls in, and writes down who was let in and what came of it."""

    access: Access
    trail: Trail

    async def enter(self, call: Call, contract: ContractName) -> Admitted | Stopped:
        """The call with what it may see; or the status it ends with, which is recorded."""
        party = await self._party(call)
        verdict = await self.access.check(call, party, contract)
        if isinstance(verdict, Denied):
            refused = status("MSG00013")
            await self.trail.deny(call, party, contract, verdict, refused)
            return Stopped(refused)
        return Admitted(call, party, contract, verdict)

    async def enter_known(self, call: Call, contract: ContractName) -> Admitted:
        """The call of any organization that is known: for what is public anyway."""
        return Admitted(call, await self._party(call), contract, None)

    async def stop(self, admitted: Admitted, reasons: list[Reason]) -> Stopped:
        """End a call whose content makes no sense, which is recorded."""
        first = reasons[0]
        said = ("fieldName", first.field), ("fieldValue", first.description)
        refused = status("MSG00008", *said)
        await self.trail.record(admitted, Entry(refused, because="CONTENT_INVALID"))
        return Stopped(refused, tuple(reasons))

    async def _party(self, call: Call) -> Party:
        try:
            return await self.access.party(call)
        except Failure as stranger:
            await self.trail.turn_away(call, stranger)
            raise
