"""Looking up enterprises and establishments, and registering them."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from services.admission.model import Call
from services.concepts.data_contract import ContractName
from services.concepts.resolved_enterprise import EnterpriseState, ResolvedEnterprise
from services.concepts.status import Status, status
from services.concepts.subject import CbeNumber
from services.concepts.trail import NOTHING_CHANGED
from services.identification.model.calls import Ending, Stopped, Unreadable
from services.identification.model.enterprises import Enterprise, Establishment
from services.identification.model.searches import Reason
from services.identification.rules.searching import ARGUMENT_INVALID
from services.identification.usecases.desk import Desk

ENTERPRISE_REGISTER = ContractName("ENTERPRISE_REGISTER", 1)
_UNKNOWN = ResolvedEnterprise(EnterpriseState.UNKNOWN)


class Store(Protocol):
    """The register of enterprises."""

    async def find(self, number: CbeNumber) -> Enterprise | None: ...

    async def states_of(
        self, numbers: Collection[CbeNumber]
    ) -> Mapping[CbeNumber, ResolvedEnterprise]:
        """What each number that is kept is today."""

    async def register(
        self, enterprise: Enterprise, day: date, witness: Callable[[], Awaitable[None]]
    ) -> None: ...

    async def belong(
        self, unit: Establishment, day: date, witness: Callable[[], Awaitable[None]]
    ) -> bool: ...


@dataclass(frozen=True)
class Enterprises:
    """Answers about enterprises, and registers them."""

    desk: Desk
    store: Store

    async def resolve(self, numbers: Sequence[CbeNumber]) -> list[ResolvedEnterprise]:
        """What the numbers are today, in their order; for the mesh itself."""
        known = await self.store.states_of(set(numbers))
        return [known.get(one, _UNKNOWN) for one in numbers]

    async def get(self, call: Call, number: CbeNumber) -> tuple[Status, Enterprise | None]:
        """The enterprise of a number."""
        admitted = await self.desk.enter_known(call, ENTERPRISE_REGISTER)
        found = await self.store.find(number)
        ended = status("MSG00100" if found is None else "MSG00000")
        await self.desk.record(admitted, Ending(ended))
        return ended, found

    async def register(self, call: Call, asked: Enterprise | Establishment | Unreadable) -> Status:
        """Register an enterprise, or an establishment where it belongs from a day on."""
        admitted = await self.desk.enter(call, ENTERPRISE_REGISTER)
        if isinstance(admitted, Stopped):
            return admitted.status
        if isinstance(asked, Unreadable):
            return (await self.desk.stop(admitted, list(asked.reasons))).status
        done = status("MSG00000")

        known = await self.store.find(asked.number)

        async def witness() -> None:
            because = NOTHING_CHANGED if _stands(known, asked) else ""
            await self.desk.record(admitted, Ending(done, because=because, is_act=True))

        if isinstance(asked, Enterprise):
            await self.store.register(asked, call.day, witness)
        elif not await self.store.belong(asked, call.day, witness):
            wrong = "is not known, or the establishment moved later already"
            reason = Reason(ARGUMENT_INVALID, "establishment.cbe_number", wrong)
            return (await self.desk.stop(admitted, [reason])).status
        return done


def _stands(known: Enterprise | None, asked: Enterprise | Establishment) -> bool:
    """Whether what is asked to be registered is so already."""
    if known is None:
        return False
    if isinstance(asked, Establishment):
        return asked in known.establishments
    return replace(known, establishments=()) == replace(asked, establishments=())
