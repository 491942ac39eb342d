"""Letting in: establish who calls, ask access, write it down; and only then disclose or change."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, Protocol, TypeVar

from services.admission import rules
from services.admission.errors import OfficerUnknown
from services.admission.model import (
    Admitted,
    Call,
    Entry,
    Granted,
    Member,
    Mode,
    Party,
    Stage,
)
from services.concepts.citizen import OWN_RIGHT, Citizen
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure
from services.concepts.legal_context import LegalContext
from services.concepts.ssin import Ssin
from services.concepts.status import status
from services.concepts.subject import CbeNumber

M = TypeVar("M", bound=Member)
M_co = TypeVar("M_co", bound=Member, covariant=True)


class Members(Protocol[M_co]):
    """Knows the organizations that were admitted."""

    async def party(self, call: Call) -> Party[M_co]:
        """Who calls and for whom; fails with OrganizationUnknown or CustomerNotTheCaller."""


class Access(Protocol):
    """Decides on the deliberations in force."""

    async def check(
        self,
        customer: Member,
        legal_context: LegalContext,
        contract: ContractName,
        day: date,
        mode: Mode,
    ) -> Granted | Denied: ...


class Trail(Protocol):
    """Makes entries durable; returns when they are, fails when they are not."""

    async def record(self, *entries: Entry) -> None: ...


@dataclass(frozen=True)
class Citizens:
    """Lets citizens in to what is kept about them, and nobody else."""

    trail: Trail
    authorities: Collection[str]
    """The names of the authorities that issue citizens' certificates."""

    async def admit(self, call: Call, asking: Citizen) -> Ssin:
        """Whose card it is; who is no citizen is turned away, on the trail too."""
        async with acting(self.trail, Entry(call=call, stage=Stage.REFUSAL)):
            return rules.citizen_of(asking, self.authorities)

    async def told(self, call: Call, person: Ssin, *, found: bool) -> None:
        """Put in writing what a citizen is about to read of himself."""
        entry = Entry(
            call=call,
            stage=Stage.OUTCOME,
            person=person,
            status=status("MSG00000" if found else "MSG00100"),
            reading_reason=OWN_RIGHT,
        )
        await self.trail.record(entry)


@dataclass(frozen=True)
class Operators:
    """Lets people of the bank read what they answer for; the wire has asked them why."""

    trail: Trail

    async def told(
        self,
        call: Call,
        reason: str,
        person: Ssin | None,
        *,
        found: bool,
        contract: ContractName | None = None,
    ) -> None:
        """Put in writing what an operator is about to read, and why."""
        entry = Entry(
            call=call,
            stage=Stage.OUTCOME,
            person=person,
            contract=contract,
            status=status("MSG00000" if found else "MSG00100"),
            reading_reason=reason,
        )
        await self.trail.record(entry)


@dataclass(frozen=True)
class Arrivals(Generic[M]):
    """Knows the organizations that call, and writes down what comes of it."""

    members: Members[M]
    trail: Trail

    async def known(
        self,
        call: Call,
        contract: ContractName | None = None,
        person: Ssin | None = None,
        enterprise: CbeNumber | None = None,
    ) -> Admitted[M]:
        """The call of a known organization; who is not is turned away, on the trail too."""
        try:
            party = await self.members.party(call)
        except Failure as failed:
            turned = Entry(
                call=call,
                stage=Stage.REFUSAL,
                contract=contract,
                person=person,
                enterprise=enterprise,
            )
            await self.trail.record(turned.refused(failed.reason()))
            raise
        return Admitted(call, party, contract, person=person, enterprise=enterprise)

    async def record(self, *entries: Entry) -> None:
        """Put in writing what is about to be told or done, or why it is not."""
        await self.trail.record(*entries)


@dataclass(frozen=True)
class Admission(Generic[M]):
    """Lets organizations in where a deliberation allows it."""

    members: Members[M]
    access: Access
    trail: Trail

    async def known(
        self, call: Call, contract: ContractName | None = None, person: Ssin | None = None
    ) -> Admitted[M]:
        """The call of a known organization; who is not is turned away, on the trail too."""
        return await Arrivals(self.members, self.trail).known(call, contract, person)

    async def decided(self, admitted: Admitted[M], mode: Mode = Mode.ONLINE) -> Admitted[M]:
        """The same with what access says of it, on the day it is made."""
        purpose, contract, day = admitted.head.legal_context, admitted.contract, admitted.call.day
        assert contract is not None
        decision = await self.access.check(admitted.customer, purpose, contract, day, mode)
        return replace(admitted, decision=decision)

    async def record(self, *entries: Entry) -> None:
        """Put in writing what is about to be told or done, or why it is not."""
        await self.trail.record(*entries)

    def acting(self, act: Entry) -> AbstractAsyncContextManager[None]:
        """While an act is done: that it failed after all is put in writing."""
        return acting(self.trail, act)


@asynccontextmanager
async def acting(trail: Trail, act: Entry) -> AsyncIterator[None]:
    """While something is tried: that it failed is put in writing."""
    try:
        yield
    except Failure as failed:
        await trail.record(act.refused(failed.reason()))
        raise


class Officers(Protocol):
    """Knows the officers for information security that organizations named."""

    async def officer(self, call: Call) -> EnterpriseNumber | None:
        """Whose officer's certificate the call came with; nothing if it is no officer's."""


@dataclass(frozen=True)
class Insight(Generic[M]):
    """Lets in to what is about themselves: organizations, their officers, citizens. No deliberation
    is needed for that."""

    members: Members[M]
    officers: Officers
    citizens: Citizens
    trail: Trail

    async def known(self, call: Call) -> M:
        """The organization that calls; who is not known is turned away, on the trail too."""
        async with acting(self.trail, Entry(call=call, stage=Stage.REFUSAL)):
            return (await self.members.party(call)).caller

    async def officer(self, call: Call) -> EnterpriseNumber:
        """Whose officer calls; who is none is turned away, on the trail too."""
        async with acting(self.trail, Entry(call=call, stage=Stage.REFUSAL)):
            found = await self.officers.officer(call)
            if found is None:
                raise OfficerUnknown
        return found

    async def admit(self, call: Call, asking: Citizen) -> Ssin:
        """Whose card it is; who is no citizen is turned away, on the trail too."""
        return await self.citizens.admit(call, asking)


def batch(head: Entry, persons: Sequence[Ssin]) -> tuple[Entry, ...]:
    """The records of what is about several persons: one that heads them, and a line for each."""
    lines = [replace(head, stage=Stage.LINE, person=person) for person in persons]
    return replace(head, person=None, persons=len(persons)), *lines
