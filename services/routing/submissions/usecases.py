"""Sending messages, answering them once, reading the answers; each on the trail before it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.admission.model import Admitted, Call, Stage
from services.admission.usecases import Arrivals, acting
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure
from services.concepts.status import status
from services.routing.errors import AnsweredOtherwise, ReplyTooLate, SubmissionUnknown
from services.routing.model import OnboardedOrganization
from services.routing.notices.model import Publication, PublishedOutcome
from services.routing.notices.usecases import ports
from services.routing.notices.usecases.publishing import Publications
from services.routing.submissions.model import Answer, Submitted


class Store(Protocol):
    """Keeps what was sent to whom, and the answers."""

    async def find_submitted(
        self, addressee: EnterpriseNumber, notice_id: UUID
    ) -> Submitted | None:
        """A message as it went to an addressee."""

    async def submitted(self, source: EnterpriseNumber, reference: str) -> Sequence[Submitted]:
        """A message to all its addressees, by their numbers."""

    async def answer(
        self, addressee: EnterpriseNumber, notice_id: UUID, answer: Answer, now: datetime
    ) -> bool:
        """Keep an answer and acknowledge the notice; whether it was the first and in time."""


@dataclass(frozen=True)
class Submissions:
    """Brings messages to their addressees, and answers back."""

    admission: Arrivals[OnboardedOrganization]
    publications: Publications
    store: Store
    wakeups: ports.Wakeups
    now: Callable[[], datetime]

    async def submit(self, asked: Publication) -> PublishedOutcome:
        """What became of a message."""
        (outcome,) = await self.publications.publish(asked)
        return outcome

    async def answer(self, call: Call, notice_id: UUID, answer: Answer) -> None:
        """Answer a message, once."""
        admitted = await self.admission.known(call)
        found = await self._find(admitted, notice_id)
        about = _about(admitted, found)
        why = self._refuse(found, answer)
        if why is not None:
            await self.admission.record(about.entry(Stage.ACT).refused(why.reason()))
            raise why
        act = about.entry(Stage.ACT, status("MSG00000"), changes=found.answer is None)
        await self.admission.record(act)
        if found.answer is not None:
            return
        async with acting(self.admission.trail, about.entry(Stage.ACT)):
            addressee = admitted.customer.cbe_number
            if await self.store.answer(addressee, notice_id, answer, self.now()):
                # A stream may wait for that: its notice is acknowledged.
                self.wakeups.announce({addressee.digits})
                return
            # Another call was first, or the time ran out meanwhile.
            why = self._refuse(await self._find(admitted, notice_id), answer)
            if why is not None:
                raise why

    def _refuse(self, found: Submitted, answer: Answer) -> Failure | None:
        if found.answer is not None:
            return None if found.answer == answer else AnsweredOtherwise()
        return ReplyTooLate() if found.reply_by <= self.now() else None

    async def _find(self, admitted: Admitted[OnboardedOrganization], notice_id: UUID) -> Submitted:
        found = await self.store.find_submitted(admitted.customer.cbe_number, notice_id)
        if found is None:
            unknown = admitted.entry(Stage.ACT).refused(SubmissionUnknown.reason())
            await self.admission.record(unknown)
            raise SubmissionUnknown
        return found

    async def answers(self, call: Call, reference: str) -> Sequence[Submitted]:
        """What the addressees of a message of the customer's said so far."""
        admitted = await self.admission.known(call)
        found = await self.store.submitted(admitted.customer.cbe_number, reference)
        if not found:
            unknown = admitted.entry(Stage.REFUSAL).refused(SubmissionUnknown.reason())
            await self.admission.record(unknown)
            raise SubmissionUnknown
        await self.admission.record(
            _about(admitted, found[0]).entry(Stage.OUTCOME, status("MSG00000"))
        )
        return found


def _about(
    admitted: Admitted[OnboardedOrganization], found: Submitted
) -> Admitted[OnboardedOrganization]:
    return replace(admitted, person=found.person, contract=found.contract)
