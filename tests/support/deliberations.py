"""Deliberations and questions for the tests of access: small, synthetic, each change one word."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.access.errors import (
    AccessionOverlaps,
    DeliberationMoved,
    LegalContextOwned,
    OfficesMixed,
    RequestReused,
    VersionAltered,
)
from services.access.model import (
    Accession,
    ActVersion,
    Deliberation,
    Holdings,
    Mode,
    Move,
    Office,
    ProposedAccession,
    Question,
    Request,
    Standing,
)
from services.access.store import document
from services.access.usecases import Today
from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber, parse_enterprise_number
from services.concepts.failures import Failure
from services.concepts.legal_context import LegalContext
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.reference import Organization
from services.kit.errors import PeerUnavailable

TODAY = date(2026, 3, 31)
ON_TODAY = Today(TODAY, frozenset({TODAY}))
"""The same where nobody's clock differs."""
NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
CENTRE = parse_enterprise_number("0899990150")
WELFARE = SectorInstitution(17, 1)


def written(**changed: Any) -> dict[str, Any]:
    """The written form of a deliberation for the welfare centres, with some fields changed."""
    return {
        "number": "IVC/KSZG/98/001",
        "version": 1,
        "document_ref": "IVC/KSZG/98/001",
        "title": {"nl": "proef", "fr": "essai", "de": "Probe", "en": "trial"},
        "decided_on": "2025-01-14",
        "status": "IN_FORCE",
        "kind": "INDIVIDUAL",
        "senders": ["16.0", "16.2"],
        "recipients": ["17.1"],
        "purpose": "to try",
        "legal_basis": [{"act": "Act of 26 May 2002", "article": "19"}],
        "legal_contexts": ["PCSW:TRIAL"],
        "data_blocks": [
            {"contract": "TRIAL", "version": 1, "modes": ["ONLINE"], "fields": ["rights"]}
        ],
        "person_categories": {"quality_codes": ["001", "002"], "household": False},
        "period": {"months_back": 24, "months_forward": 0},
        "frequency": "CONTINUOUS",
        "valid_from": "2025-02-01",
        "valid_until": None,
        "retention_days": 365,
        "hourly_quota": 100,
        "conditions": ["log every access"],
        "publication": {"path": "98/001", "languages": ["nl", "fr"]},
        "source": "synthetic, for tests",
        **changed,
    }


def general(*accessions: tuple[str, str, str | None], **changed: Any) -> dict[str, Any]:
    """A general deliberation with accessions of organizations: from a day, until a day or not."""
    return written(
        kind="GENERAL",
        accessions=[
            {"recipient": who, "regulation": "by-law", "valid_from": begin, "valid_until": end}
            for who, begin, end in accessions
        ],
        **changed,
    )


def deliberation(**changed: Any) -> Deliberation:
    """A deliberation for the welfare centres, with some fields changed."""
    return document.read(written(**changed))


def question(
    *,
    customer: EnterpriseNumber = CENTRE,
    place: SectorInstitution | None = WELFARE,
    context: str = "PCSW:TRIAL",
    contract: str = "TRIAL",
    version: int = 1,
    begin: date = TODAY,
    end: date | None = TODAY,
    mode: Mode = Mode.ONLINE,
) -> Question:
    """A question that the deliberation above covers, with some words changed."""
    name = ContractName(contract, version)
    return Question(customer, place, LegalContext(context), name, Period(begin, end), mode)


def organization(
    number: EnterpriseNumber = CENTRE,
    *keys: str,
    place: SectorInstitution | None = WELFARE,
    manages: Iterable[EnterpriseNumber] = (),
    kind: str = "",
) -> Organization:
    """An organization of the network, on one key unless others are given."""
    public_keys = keys or ("a" * 64,)
    name = f"organization {number}"
    return Organization(number, name, place, public_keys, tuple(manages), kind=kind)


class FakeStore:
    """Deliberations in memory, under the rules that the database holds as constraints."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], Deliberation] = {}
        self._steps: dict[UUID, str] = {}
        self._offices: dict[str, Office] = {}
        self._past: list[tuple[Deliberation, ...]] = [()]
        self._asked: Counter[tuple[date, bytes]] = Counter()
        self.most_a_day = 10_000
        self._told = asyncio.Event()

    async def revision(self) -> int:
        return len(self._past)

    async def holdings(self) -> Holdings:
        acts = tuple(self._kept[key] for key in sorted(self._kept))
        return Holdings(acts, len(self._past))

    async def holdings_at(self, revision: int) -> Holdings:
        past = [*self._past[1:], (await self.holdings()).deliberations]
        return Holdings(past[min(revision, len(past)) - 1] if revision else (), revision)

    async def changes(self, patience: timedelta) -> AsyncGenerator[None, None]:
        while True:
            self._told.clear()
            yield
            await self._told.wait()

    async def enact(self, deliberations: Sequence[Deliberation]) -> int:
        after = dict(self._kept)
        for one in deliberations:
            before = after.get((one.number, one.version))
            if before is not None and before.digest != one.digest:
                raise VersionAltered
            moves = (Move(one.standing, TODAY),)
            after.setdefault((one.number, one.version), replace(one, moves=moves))
        changed = sum(1 for key, one in after.items() if self._kept.get(key) != one)
        self._change(after)
        return changed

    async def of_number(self, number: str) -> tuple[Deliberation, ...]:
        return tuple(self._kept[key] for key in sorted(self._kept) if key[0] == number)

    async def page(
        self, after: ActVersion, most: int, *, legal_context: str, proposals: bool
    ) -> tuple[Deliberation, ...]:
        owners = {one.number for one in self._kept.values() if legal_context in one.legal_contexts}
        found = [
            self._kept[key]
            for key in sorted(self._kept)
            if key > (after.number, after.version)
            and (proposals or self._kept[key].enacted)
            and (not legal_context or key[0] in owners)
        ]
        return tuple(found[:most])

    async def taken(self, request: Request) -> bool:
        digest = self._steps.get(request.request_id)
        if digest not in (None, request.content_digest):
            raise RequestReused
        return digest is not None

    async def propose(self, request: Request, text: Deliberation) -> None:
        if await self._step_taken(request):
            return
        key = (text.number, text.version)
        for there, one in self._kept.items():
            if there[0] == text.number and there != key and one.standing is Standing.PROPOSED:
                raise DeliberationMoved
        await self.enact([text])
        self._note(request)

    async def move(
        self, request: Request, act: ActVersion, before: Standing, after: Standing, day: date
    ) -> None:
        if await self._step_taken(request):
            return
        one = self._kept.get((act.number, act.version))
        if one is None or one.standing is not before:
            raise DeliberationMoved
        moved = replace(
            one,
            standing=after,
            enacted=one.enacted or after is Standing.IN_FORCE,
            moved_by=request.operator,
            moves=(*one.moves, Move(after, day)),
        )
        self._change({**self._kept, (act.number, act.version): moved})
        self._note(request)

    async def office_of(self, person: str) -> Office | None:
        return self._offices.get(person)

    async def propose_accession(self, request: Request, number: str, accession: Accession) -> None:
        if await self._step_taken(request):
            return
        self._propose(number, accession, ProposedAccession(accession, request.operator))
        self._note(request)

    async def enact_accession(
        self, request: Request, number: str, proposed: ProposedAccession
    ) -> None:
        if await self._step_taken(request):
            return
        waiting = {
            one
            for at, text in self._kept.items()
            if at[0] == number
            for one in text.proposed_accessions
        }
        if proposed not in waiting:
            raise DeliberationMoved
        self._accede(number, proposed.accession)
        self._propose(number, proposed.accession, None)
        self._note(request)

    async def end_accession(self, request: Request, number: str, accession: Accession) -> None:
        if not await self._step_taken(request):
            self._accede(number, accession)
            self._note(request)

    async def _step_taken(self, request: Request) -> bool:
        if await self.taken(request):
            return True
        if self._offices.get(request.operator, request.office) is not request.office:
            raise OfficesMixed
        return False

    def _note(self, request: Request) -> None:
        self._offices[request.operator] = request.office
        self._steps[request.request_id] = request.content_digest

    def _propose(self, number: str, accession: Accession, new: ProposedAccession | None) -> None:
        key = (accession.recipient, accession.period.begin)
        for at, text in self._kept.items():
            if at[0] == number:
                others = [
                    one
                    for one in text.proposed_accessions
                    if (one.accession.recipient, one.accession.period.begin) != key
                ]
                waiting = (*others, *([] if new is None else [new]))
                self._kept[at] = replace(text, proposed_accessions=waiting)

    def _accede(self, number: str, accession: Accession) -> None:
        key = (accession.recipient, accession.period.begin)
        changed = dict(self._kept)
        for at, one in self._kept.items():
            if at[0] == number:
                others = [
                    there
                    for there in one.accessions
                    if (there.recipient, there.period.begin) != key
                ]
                changed[at] = replace(one, accessions=(*others, accession))
        self._change(changed)

    async def count(self, day: date, asked: Mapping[bytes, int]) -> None:
        for question, times in sorted(asked.items()):
            there = sum(1 for key in self._asked if key[0] == day)
            if (day, question) in self._asked or there < self.most_a_day:
                self._asked[day, question] += times

    async def most_asked(self, most: int) -> list[tuple[date, bytes, int]]:
        return [(day, one, times) for (day, one), times in self._asked.most_common(most)]

    async def purge(self, before: date) -> None:
        for key in [key for key in self._asked if key[0] < before]:
            del self._asked[key]

    def _change(self, acts: dict[tuple[str, int], Deliberation]) -> None:
        _check(acts.values())
        if acts == self._kept:
            return
        self._past.append(tuple(self._kept[key] for key in sorted(self._kept)))
        self._kept = acts
        self._told.set()


def _check(deliberations: Iterable[Deliberation]) -> None:
    owners: dict[str, str] = {}
    for one in deliberations:
        for context in one.legal_contexts:
            if owners.setdefault(context, one.number) != one.number:
                raise LegalContextOwned
        for at, accession in enumerate(one.accessions):
            for other in one.accessions[:at]:
                same = other.recipient == accession.recipient
                if same and other.period.overlaps(accession.period):
                    raise AccessionOverlaps


class FakeTrail:
    """Records in memory, and can be away."""

    def __init__(self) -> None:
        self.records: list[tuple[str, ActVersion, str, str]] = []
        self.away = False

    async def record(self, request: Request, act: ActVersion, refused: Failure | None) -> None:
        if self.away:
            raise PeerUnavailable
        reason = refused.reason() if refused else ""
        self.records.append((request.rpc.rpartition("/")[2], act, request.operator, reason))
