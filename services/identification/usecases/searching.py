"""Searching persons: by number, by sound, by address; and verifying who somebody is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from services.admission.model import Call
from services.concepts.data_contract import ContractName
from services.concepts.resolved_ssin import SsinState
from services.concepts.sex import Sex
from services.concepts.ssin import Ssin
from services.concepts.status import Status, status
from services.identification.model.calls import Admitted, Ending, Stopped, Unreadable
from services.identification.model.persons import Identity, IdentityProof, Shown, Version
from services.identification.model.searches import (
    AddressCriteria,
    Candidate,
    Found,
    Likely,
    NameForm,
    Phonetic,
    Reason,
    Search,
    Window,
)
from services.identification.model.sources import Away, Bearer, Checked, Inquiry
from services.identification.rules import disclosure, merging, searching, spelling, verification
from services.identification.usecases.consulting import Consulting, status_of
from services.identification.usecases.desk import Desk
from services.identification.usecases.numbers import Identification

PERSON_SEARCH = ContractName("PERSON_SEARCH", 1)
PERSON_VERIFICATION = ContractName("PERSON_VERIFICATION", 1)
NOBODY = Found(())
MORE = 2
"""How many times as many are read as are asked for: what is ranked here may change the order."""


class Registers(Protocol):
    """Who bears which number."""

    async def forms(self, keys: Collection[int]) -> Sequence[NameForm]: ...

    async def search_born(
        self, last: Likely, first: Likely | None, window: Window, sex: Sex | None, most: int
    ) -> Sequence[Candidate]: ...

    async def residents(
        self, streets: Likely, asked: AddressCriteria, most: int
    ) -> Sequence[Candidate]: ...

    async def identities(self, ssins: Collection[Ssin]) -> Mapping[Ssin, Identity]: ...

    async def list_shown(self, ssins: Collection[Ssin]) -> Mapping[Ssin, Shown]: ...


class Histories(Protocol):
    """What is known of the persons of the registers."""

    async def versions(self, ssin: Ssin) -> Sequence[Version]:
        """All that is known now."""


@dataclass(frozen=True, slots=True)
class Searched:
    """How a search ended."""

    status: Status
    found: Found = NOBODY
    reasons: tuple[Reason, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """How a verification ended."""

    status: Status
    verified: bool = False
    differing: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    extended: tuple[Version, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True)
class Persons:
    """Finds persons, and says whether somebody is who the papers say."""

    desk: Desk
    registers: Registers
    histories: Histories
    numbers: Identification
    consulting: Consulting

    async def search(self, call: Call, asked: Search | Unreadable) -> Searched:
        """Who may be meant; every person that is shown is recorded first."""
        admitted = await self.desk.enter(call, PERSON_SEARCH)
        if isinstance(admitted, Stopped):
            return Searched(admitted.status)
        wrong = list(asked.reasons) if isinstance(asked, Unreadable) else searching.faults(asked)
        if isinstance(asked, Unreadable) or wrong:
            stopped = await self.desk.stop(admitted, wrong)
            return Searched(stopped.status, reasons=stopped.reasons)
        async with self.desk.concluding(admitted):
            return await self._search(admitted, asked)

    async def _search(self, admitted: Admitted, asked: Search) -> Searched:
        own, theirs = await self._find(asked), await self._ask(admitted, asked)
        register = status_of(theirs)
        found = own if isinstance(theirs, Away) else merging.merge(own, theirs, asked.maximum)
        ended = status("MSG00000" if found.candidates else "MSG00100")
        if isinstance(theirs, Away):
            ended = status("HAN20200")
        cut = disclosure.cut_candidate(admitted.granted)
        subjects = tuple(one.identity.ssin for one in found.candidates)
        shown = cut if found.candidates else ()
        origins = disclosure.origins(found.candidates)
        entry = Ending(ended, subjects, cut=shown, origins=origins, register=register)
        await self.desk.record(admitted, entry)
        return Searched(ended, found, tuple(searching.warnings(asked)), shown)

    async def _find(self, asked: Search) -> Found:
        if asked.ssin is not None:
            return await self._numbered(asked.ssin)
        if asked.phonetic is not None:
            return await by_sound(self.registers, asked.phonetic, asked.maximum)
        assert asked.address is not None
        street = spelling.folded(asked.address.street_name)
        streets = searching.likely(street, await self.registers.forms(spelling.keys(street)))
        most = asked.maximum + 1
        found = await self.registers.residents(streets, asked.address, most)
        return Found(tuple(found[: asked.maximum]), len(found) == most)

    async def _ask(self, admitted: Admitted, asked: Search) -> Found | Away:
        """Who may be meant in the National Register."""
        if asked.ssin is not None:
            last = await self._bearer(asked.ssin)
            told = await self.consulting.bearer(admitted, last, ())
            if told is None or isinstance(told, Away):
                return told or NOBODY
            replaced = None if last == asked.ssin else asked.ssin
            return Found((replace(searching.certain(told.identity), replaces=replaced),))
        criteria = asked.phonetic or asked.address
        assert criteria is not None
        found = await self.consulting.look(admitted, criteria, asked.maximum)
        if isinstance(found, Away) or asked.phonetic is None:
            return found
        return merging.score(asked.phonetic, found)

    async def _numbered(self, ssin: Ssin) -> Found:
        (resolved,) = await self.numbers.resolve_ssins([ssin])
        last = resolved.replaced_by or ssin
        known = await self.registers.identities([last])
        if last not in known or resolved.state is SsinState.UNKNOWN:
            return Found(())
        replaced = None if last == ssin else ssin
        return Found((replace(searching.certain(known[last]), replaces=replaced),))

    async def _bearer(self, ssin: Ssin) -> Ssin:
        """The number that the person of a number has today."""
        (resolved,) = await self.numbers.resolve_ssins([ssin])
        return resolved.replaced_by or ssin

    async def verify(self, call: Call, proof: IdentityProof | Unreadable) -> Verified:
        """Whether somebody is who the papers say; a success is recorded before it is answered."""
        admitted = await self.desk.enter(call, PERSON_VERIFICATION)
        if isinstance(admitted, Stopped):
            return Verified(admitted.status)
        wrong = list(proof.reasons) if isinstance(proof, Unreadable) else verification.faults(proof)
        if isinstance(proof, Unreadable) or wrong:
            stopped = await self.desk.stop(admitted, wrong)
            return Verified(stopped.status, reasons=stopped.reasons)
        async with self.desk.concluding(admitted):
            return await self._verify(admitted, proof)

    async def _verify(self, admitted: Admitted, proof: IdentityProof) -> Verified:
        last = await self._bearer(proof.ssin)
        groups = disclosure.unlocked_groups(admitted.granted)
        theirs = await self.consulting.bearer(admitted, last, groups)
        if isinstance(theirs, Away):
            unsure = status("CBSS10002")
            entry = Ending(unsure, (last,), theirs.because, register=status_of(theirs))
            await self.desk.record(admitted, entry)
            return Verified(unsure)
        shown = merging.merge_shown((await self.registers.list_shown([last]))[last], theirs)
        differing = verification.differing_fields(proof, shown, admitted.call.day)
        # Whether nobody has the number or somebody else has it is nobody's business.
        fields = verification.given_fields(proof) if differing == ["ssin"] else differing
        ended = status("MSG00100" if fields else "MSG00000")
        extended: tuple[Version, ...] = ()
        cut: tuple[str, ...] = ()
        if not fields:
            known = merging.merge_versions(tuple(await self.histories.versions(last)), theirs)
            extended, cut = disclosure.split_extended(known, admitted.granted, admitted.call.day)
        because = "IDENTITY_DIFFERS" if fields else ""
        origins = {} if fields else disclosure.confirmed_origins(shown.identity, extended)
        register = status_of(theirs)
        seen = Ending(ended, (last,), because, cut=cut, origins=origins, register=register)
        await self.desk.record(admitted, seen)
        reasons = tuple(verification.reasons(fields))
        return Verified(ended, not fields, tuple(fields), reasons, extended, cut)

    async def check_identities(
        self, asked: Sequence[tuple[Inquiry, IdentityProof | Unreadable]]
    ) -> list[Checked]:
        """What of each proof differs from what is known, in order. Whoever asks was allowed to, and
        has put in writing that the National Register will be asked."""
        readable = [(one, proof) for one, proof in asked if isinstance(proof, IdentityProof)]
        resolved = await self.numbers.resolve_ssins([proof.ssin for _, proof in readable])
        last = {one.ssin: one.replaced_by or one.ssin for one in resolved}
        shown = await self.registers.list_shown(set(last.values()))
        theirs = iter(
            await self.consulting.bearers([(one, last[proof.ssin]) for one, proof in readable], ())
        )
        return [
            _checked(proof, shown[last[proof.ssin]], next(theirs), inquiry)
            if isinstance(proof, IdentityProof)
            else Checked(tuple(reason.field.removeprefix("proof.") for reason in proof.reasons))
            for inquiry, proof in asked
        ]


def _checked(
    proof: IdentityProof, own: Shown, theirs: Bearer | Away | None, inquiry: Inquiry
) -> Checked:
    if isinstance(theirs, Away):
        # What our own registers tell is less than what the National Register may know.
        return Checked(("ssin",), status_of(theirs))
    shown = merging.merge_shown(own, theirs)
    differing = verification.differing_fields(proof, shown, inquiry.day)
    return Checked(tuple(differing), status_of(theirs))


async def by_sound(registers: Registers, asked: Phonetic, maximum: int) -> Found:
    """Who may be meant, also when first and last name were exchanged."""
    assert asked.birth is not None
    last, first = spelling.folded(asked.last_name), spelling.folded(asked.first_name)
    born = searching.window(asked.birth, asked.tolerance or 0)
    lasts = await registers.forms(spelling.keys(last))
    firsts = await registers.forms(spelling.keys(first)) if first else []
    most = MORE * maximum + 1
    as_last, as_first = searching.likely(last, lasts), searching.likely(first, firsts)
    found = list(
        await registers.search_born(as_last, as_first if first else None, born, asked.sex, most)
    )
    if first:
        exchanged = await registers.search_born(as_first, as_last, born, asked.sex, most)
        found += [replace(one, score=round(searching.EXCHANGED * one.score)) for one in exchanged]
    candidates, more = searching.rank(asked, found, maximum)
    return Found(candidates, more)
