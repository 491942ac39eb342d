"""Having a proof of identity compared with the registers, the National Register among them.

That the register will be asked is in writing before, with the deliberation of the registration;
how it answered is in writing before anything is made of it. Source: slide 23; Act of 15 January
1990, article 4 (the registers of the bank hold only whom the National Register does not).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from services.admission.model import Admitted, Entry, Leg, Stage
from services.admission.usecases import Admission
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.status import StatusValue, status
from services.directory.model import CheckedProof, Organization, Proof, ProofVerdict
from services.directory.rules import admission as rules
from services.directory.usecases import ports


class Endings(Protocol):
    """Writes how something ended that was given up; nobody waits for that."""

    def abandon(self, given_up: Entry, fault: BaseException) -> None: ...


@dataclass(frozen=True)
class Verifier:
    """Has proofs compared, under the deliberation of the call that they came with."""

    identification: ports.Identification
    admission: Admission[Organization]
    endings: Endings
    register: EnterpriseNumber
    """Who keeps the National Register."""
    new_id: Callable[[], UUID]

    async def verify(self, admitted: Admitted[Organization], proof: Proof) -> CheckedProof:
        """What comes of the proof; fails when it is not in writing that it was looked at."""
        assert admitted.person is not None
        intent = replace(admitted.entry(Stage.INTENT), sources=(Leg(self.register),))
        # If it is given up while the outcome is on its way, the trail keeps the first of the two.
        owed = replace(intent, stage=Stage.OUTCOME, record_id=self.new_id())
        try:
            await self.admission.record(intent)
            checked = await self.identification.verify(admitted.call, admitted.person, proof)
            await self.admission.record(self._outcome(owed, checked))
        except BaseException as fault:
            self.endings.abandon(owed, fault)
            raise
        return checked

    def _outcome(self, owed: Entry, checked: CheckedProof) -> Entry:
        agrees = checked.verdict is ProofVerdict.AGREES
        answer = checked.register
        if answer is not None and answer.code.value is StatusValue.DATA_FOUND and not agrees:
            # Nothing that it knows is told.
            answer = status("MSG00100")
        legs = () if answer is None else (Leg(self.register, answer),)
        because = "" if (refusal := rules.refuse_proof(checked)) is None else refusal.because
        return replace(owed, status=rules.outcome_of(checked), sources=legs, reason=because)
