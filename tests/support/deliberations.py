"""Deliberations and questions for the tests of access: small, synthetic, each change one word."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.access.errors import AccessionOverlaps, LegalContextOwned, VersionAltered
from services.access.model import Deliberation, Holdings, KnownOrganization, Mode, Question
from services.access.store import document
from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber, parse_enterprise_number
from services.concepts.legal_context import LegalContext
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period

TODAY = date(2026, 3, 31)
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
) -> KnownOrganization:
    """An organization of the network, on one key unless others are given."""
    return KnownOrganization(
        number, f"organization {number}", place, frozenset(keys or ("a" * 64,)), frozenset(manages)
    )


class FakeStore:
    """Deliberations in memory, under the rules that the database holds as constraints."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], Deliberation] = {}
        self._organizations: dict[EnterpriseNumber, KnownOrganization] = {}
        self._revision = 0
        self._told = asyncio.Event()

    async def revision(self) -> str:
        return str(self._revision)

    async def holdings(self) -> Holdings:
        acts = tuple(self._kept[key] for key in sorted(self._kept))
        return Holdings(
            acts, tuple(self._organizations[key] for key in sorted(self._organizations))
        )

    async def store_organizations(self, organizations: Sequence[KnownOrganization]) -> None:
        for one in organizations:
            if self._organizations.get(one.cbe_number) != one:
                self._organizations[one.cbe_number] = one
                self._revision += 1
                self._told.set()

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
            after[one.number, one.version] = one
        _check(after.values())
        changed = sum(1 for key, one in after.items() if self._kept.get(key) != one)
        self._kept = after
        if changed:
            self._revision += 1
            self._told.set()
        return changed


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
