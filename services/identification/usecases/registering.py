"""Making BIS numbers, updating persons of the registers, replacing numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.admission.model import Call
from services.concepts.data_contract import ContractName
from services.concepts.resolved_ssin import SsinState
from services.concepts.ssin import Ssin
from services.concepts.status import Status, status
from services.concepts.trail import NOTHING_CHANGED
from services.identification.model.calls import Admitted, Ending, Stopped, Unreadable
from services.identification.model.persons import Given, Identity, Proof, Register, Version
from services.identification.model.registering import Acceptance, Change, Making, Rewriting
from services.identification.model.replacements import Kept
from services.identification.model.searches import Candidate, Reason
from services.identification.model.sources import Away
from services.identification.rules import (
    creation,
    disclosure,
    finding,
    history,
    merging,
    replacements,
    searching,
    spelling,
)
from services.identification.usecases.changes import (
    Created,
    Creating,
    Numbers,
    Replaced,
    Replacing,
    Store,
    Tokens,
    Updated,
    Updating,
)
from services.identification.usecases.consulting import Consulting, status_of
from services.identification.usecases.desk import Desk
from services.identification.usecases.numbers import Identification
from services.identification.usecases.searching import Registers, by_sound

BIS_REGISTER = ContractName("BIS_REGISTER", 1)
SSIN_REPLACEMENT = ContractName("SSIN_REPLACEMENT", 1)
MOST_DUPLICATES = 20
ALL_REFUSED = "GROUPS_REFUSED"
"""Why an update changed nothing, of whose groups some were refused and none was accepted."""


@dataclass(frozen=True)
class Registration:
    """Changes the registers."""

    desk: Desk
    store: Store
    replacing: Replacing
    numbers: Identification
    tokens: Tokens
    consulting: Consulting
    makes_mock_numbers: bool
    """Whether whoever gets a number is nobody: in production nobody does."""

    async def create(self, call: Call, asked: Creating | Unreadable) -> Created:
        """A number for who has none; who may have one already is shown first."""
        admitted = await self.desk.enter(call, BIS_REGISTER)
        if isinstance(admitted, Stopped):
            return Created(admitted.status)
        wrong = (
            list(asked.reasons)
            if isinstance(asked, Unreadable)
            else creation.anomalies(asked.person, call.day)
        )
        if isinstance(asked, Unreadable) or wrong:
            stopped = await self.desk.stop(admitted, wrong)
            return Created(stopped.status, anomalies=stopped.reasons)
        async with self.desk.concluding(admitted):
            return await self._create(admitted, asked)

    async def _create(self, admitted: Admitted, asked: Creating) -> Created:
        customer, person = admitted.customer.cbe_number, asked.person
        seen = self.tokens.read_seen(asked.token, customer, asked.digest) if asked.token else ()
        done = status("MSG00000")
        shown: tuple[Candidate, ...] = ()
        witnessed: list[Ssin] = []
        looked_for = creation.looked_for(person)
        theirs = await self.consulting.look(admitted, looked_for, MOST_DUPLICATES)
        register = status_of(theirs)
        if isinstance(theirs, Away):
            # Whoever is known there must not get a second number (fail closed).
            unsure = status("CBSS10005")
            entry = Ending(unsure, (), theirs.because, is_act=True, register=register)
            await self.desk.record(admitted, entry)
            return Created(unsure)
        national = merging.score(looked_for, theirs)

        async def make(registers: Registers, numbers: Numbers) -> Making | None:
            nonlocal shown
            own = await by_sound(registers, looked_for, MOST_DUPLICATES)
            found = merging.merge(own, national, 2 * MOST_DUPLICATES)
            shown = creation.duplicates(found.candidates, seen)
            if shown:
                return None
            assert person.birth is not None
            spaces = creation.spaces(person.birth, person.sex, mock=self.makes_mock_numbers)
            taken = await numbers.list_taken(spaces)
            ssin = creation.next_number(person.birth, person.sex, spaces, taken)
            return None if ssin is None else self._made(admitted.call, asked, ssin)

        async def witness(ssin: Ssin) -> None:
            witnessed.append(ssin)
            made = Ending(done, (ssin,), is_act=True, register=register)
            await self.desk.record(admitted, made)

        last = spelling.folded(person.last_name)
        locks = [_lock(key, asked) for key in spelling.sounds(last)]
        async with self.desk.failing(admitted, witnessed):
            made = await self.store.create(
                customer,
                asked.request_id,
                asked.digest,
                admitted.head.legal_context,
                locks,
                make,
                witness,
            )
        if made is not None:
            if not witnessed:
                # It was made for this request before, and is told again.
                again = Ending(done, (made,), NOTHING_CHANGED, is_act=True, register=register)
                await self.desk.record(admitted, again)
            return Created(done, made)
        if shown:
            subjects = tuple(one.identity.ssin for one in shown)
            cut = disclosure.cut_candidate(admitted.granted)
            # Nobody was registered: these were shown.
            entry = Ending(
                done,
                subjects,
                "POSSIBLE_DUPLICATES",
                cut=cut,
                origins=disclosure.origins(shown),
                register=register,
            )
            await self.desk.record(admitted, entry)
            sealed = self.tokens.token(subjects, customer, asked.digest)
            return Created(done, duplicates=shown, cut=cut, token=sealed)
        spent = Reason(searching.ARGUMENT_INVALID, "person.birth.date", "has no free number left")
        stopped = await self.desk.stop(admitted, [spent])
        return Created(stopped.status, anomalies=stopped.reasons)

    def _made(self, call: Call, asked: Creating, ssin: Ssin) -> Making:
        versions = tuple(
            history.open_version(given, asked.proof, call.received_at)
            for given in asked.person.groups
        )
        bearer = creation.identity(asked.person, ssin, asked.proof)
        return Making(finding.describe_person(bearer, versions, call.day), versions)

    async def update(self, call: Call, asked: Updating | Unreadable) -> Updated:
        """What comes of each group, decided for itself."""
        admitted = await self.desk.enter(call, BIS_REGISTER)
        if isinstance(admitted, Stopped):
            return Updated(admitted.status)
        if isinstance(asked, Unreadable):
            return Updated((await self.desk.stop(admitted, list(asked.reasons))).status)
        unusable = await self._unusable(asked.ssin)
        if unusable is not None:
            entry = Ending(unusable, (asked.ssin,), because="SSIN_NOT_IN_USE", is_act=True)
            await self.desk.record(admitted, entry)
            return Updated(unusable)
        done = status("MSG00000")

        def rewrite(bearer: Identity, known: Sequence[Version], now: datetime) -> Rewriting:
            changes = tuple(
                _change(bearer, known, given, asked.proof, now) for given in asked.groups
            )
            after = history.apply_changes(known, changes)
            return Rewriting(changes, finding.describe_person(bearer, after, call.day))

        async def witness(rewriting: Rewriting) -> None:
            taken = {one.acceptance for one in rewriting.changes}
            because = ""
            if Acceptance.ACCEPTED not in taken:
                because = ALL_REFUSED if Acceptance.REFUSED in taken else NOTHING_CHANGED
            entry = Ending(
                done,
                (asked.ssin,),
                because,
                is_act=True,
                is_refused=because == ALL_REFUSED,
            )
            await self.desk.record(admitted, entry)

        async with self.desk.failing(admitted, [asked.ssin]):
            rewriting = await self.store.update(asked.ssin, rewrite, witness)
        if rewriting is None:
            unknown = status("MSG00005")
            entry = Ending(unknown, (asked.ssin,), because="IDENTITY_UNKNOWN", is_act=True)
            await self.desk.record(admitted, entry)
            return Updated(unknown)
        return Updated(done, rewriting.changes)

    async def _unusable(self, ssin: Ssin) -> Status | None:
        (resolved,) = await self.numbers.resolve_ssins([ssin])
        if resolved.replaced_by is not None:
            return status("MSG00006", ("newSSIN", resolved.replaced_by.digits))
        return None if resolved.state is SsinState.ACTIVE else status("MSG00005")

    async def replace(self, call: Call, asked: tuple[Ssin, Ssin] | Unreadable) -> Replaced:
        """The number in the place of another, at once or not at all."""
        admitted = await self.desk.enter(call, SSIN_REPLACEMENT)
        if isinstance(admitted, Stopped):
            return Replaced(admitted.status)
        if isinstance(asked, Unreadable):
            return Replaced((await self.desk.stop(admitted, list(asked.reasons))).status)
        old, new = asked
        done = status("MSG00000")

        async def witness() -> None:
            await self.desk.record(admitted, Ending(done, (old, new), is_act=True))

        async with self.desk.failing(admitted, [old]):
            outcome = await self.replacing.replace(
                old, new, lambda found: replacements.successor(old, new, found), witness
            )
        if isinstance(outcome, Kept):
            entry = Ending(outcome.status, (old,), because=outcome.because, is_act=True)
            await self.desk.record(admitted, entry)
            return Replaced(outcome.status)
        return Replaced(done, outcome.replaced_by)


def _lock(key: int, asked: Creating) -> int:
    """A number that all have in common who sound alike and are born in the same year."""
    assert asked.person.birth is not None
    mixed = key ^ (asked.person.birth.year << 40)
    return (mixed + 2**63) % 2**64 - 2**63


def _change(
    bearer: Identity, known: Sequence[Version], given: Given, proof: Proof, now: datetime
) -> Change:
    if bearer.register is Register.RRN:
        # The registers of the bank are subsidiary (Act of 15 January 1990, article 4).
        return Change(given.group, Acceptance.REFUSED, "is kept by the National Register")
    return history.change(known, given, proof, now)
