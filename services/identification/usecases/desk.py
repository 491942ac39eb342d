"""The desk: admission, and what all answers of identification have in common.

A call that no deliberation allows ends with MSG00013, one whose content makes no sense with
MSG00008; what is told is in writing once for each person, with the registers whose data went out.
"""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID

from services.admission.model import Call, Entry, Known, Leg, Stage
from services.admission.usecases import Admission
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure
from services.concepts.ssin import Ssin
from services.concepts.status import Status, StatusValue, status
from services.identification.model.calls import Admitted, Ending, Stopped
from services.identification.model.persons import Origin
from services.identification.model.searches import Reason


class Endings(Protocol):
    """Writes how something ended that was given up; nobody waits for that."""

    def abandon(self, given_up: Entry, fault: BaseException) -> None: ...


@dataclass(frozen=True)
class Desk:
    """Lets calls in, and writes down what comes of them."""

    admission: Admission[Known]
    sources: Mapping[Origin, EnterpriseNumber]
    """Who keeps which register: the authentic source of what comes from it."""
    endings: Endings
    new_id: Callable[[], UUID]
    _asking: dict[UUID, Entry] = field(default_factory=dict, init=False)
    """Outcomes that are owed because a source may have been asked, by the ticket of the call."""

    async def enter(self, call: Call, contract: ContractName) -> Admitted | Stopped:
        """The call with what it may see; or the status it ends with, which is recorded."""
        admitted = await self.admission.decided(await self.admission.known(call, contract))
        if isinstance(admitted.decision, Denied):
            refused = status("MSG00013")
            entry = admitted.entry(Stage.REFUSAL, refused)
            await self.admission.record(entry.refused(admitted.decision.because))
            return Stopped(refused)
        return admitted

    async def enter_known(self, call: Call, contract: ContractName) -> Admitted:
        """The call of any organization that is known: for what is public anyway."""
        return await self.admission.known(call, contract)

    async def stop(self, admitted: Admitted, reasons: list[Reason]) -> Stopped:
        """End a call whose content makes no sense, which is recorded."""
        first = reasons[0]
        said = ("fieldName", first.field), ("fieldValue", first.description)
        refused = status("MSG00008", *said)
        await self.record(admitted, Ending(refused, because="CONTENT_INVALID"))
        return Stopped(refused, tuple(reasons))

    async def intend(self, admitted: Admitted, subject: Ssin | None) -> None:
        """Put in writing that the National Register will be asked, about whom if that is known."""
        entry = admitted.entry(Stage.INTENT)
        register = (Leg(self.sources[Origin.RN_RR]),)
        intent = replace(entry, person=subject, sources=register)
        owed = replace(intent, stage=Stage.OUTCOME, record_id=self.new_id())
        self._asking[admitted.call.ticket] = owed
        await self.admission.record(intent)

    @asynccontextmanager
    async def concluding(self, admitted: Admitted) -> AsyncIterator[None]:
        """While a call may ask the National Register: if it is given up before its outcome is in
        writing, that is put in writing too."""
        ticket = admitted.call.ticket
        try:
            yield
        except BaseException as fault:
            if (owed := self._asking.get(ticket)) is not None:
                self.endings.abandon(owed, fault)
            raise
        finally:
            self._asking.pop(ticket, None)

    async def record(self, admitted: Admitted, ending: Ending) -> None:
        """Put in writing how a call ends, once for each person that it is about."""
        ended = ending.status
        refused = ending.is_refused or ended is None or ended.code.value is StatusValue.NO_RESULT
        was_asked = ending.register is not None
        stage = Stage.ACT if ending.is_act else Stage.OUTCOME
        if refused and not ending.is_act and not was_asked:
            stage = Stage.REFUSAL
        stopped = refused and (ending.is_act or ending.is_refused or not was_asked)
        entry = replace(
            admitted.entry(stage, ended),
            permitted=not stopped,
            reason=ending.because,
            cut=ending.cut,
        )
        entries = [
            replace(entry, person=subject, sources=self._sources(subject, ending))
            for subject in ending.subjects or (None,)
        ]
        owed = self._asking.get(admitted.call.ticket)
        if owed is not None and stage is Stage.OUTCOME:
            # If it is given up while this is on its way, the trail keeps the first of the two.
            entries[0] = replace(entries[0], record_id=owed.record_id)
        await self.admission.record(*entries)
        self._asking.pop(admitted.call.ticket, None)

    @asynccontextmanager
    async def failing(self, admitted: Admitted, subjects: Sequence[Ssin]) -> AsyncIterator[None]:
        """While an act is done: that it failed after all is put in writing."""
        try:
            yield
        except Failure as failed:
            await self.record(admitted, Ending(None, tuple(subjects), failed.reason(), is_act=True))
            raise

    def _sources(self, subject: Ssin | None, ending: Ending) -> tuple[Leg, ...]:
        """Whose data went out of the person, and how the National Register answered if it was
        asked: what it told of others is nothing about this one."""
        origins: Collection[Origin] = ()
        if subject is not None:
            origins = ending.origins.get(subject, frozenset())
        asked = ending.register
        ended: dict[Origin, Status] = {origin: status("MSG00000") for origin in origins}
        if asked is not None and Origin.RN_RR not in ended:
            found = asked.code.value is StatusValue.DATA_FOUND
            ended[Origin.RN_RR] = status("MSG00100") if found else asked
        legs = [Leg(self.sources[origin], one) for origin, one in ended.items()]
        return tuple(sorted(legs, key=lambda leg: leg.supplier.digits))
