"""Deliberations by the thousand, and questions about them: synthetic, and the same in every run."""

from collections.abc import Iterator
from datetime import date
from random import Random

from cbss.access.v1 import access_service_pb2 as pb

from services.access.model import Deliberation
from services.access.store import document
from services.concepts.organization import SectorInstitution

DAY = date(2026, 3, 31)
CONTEXTS, RECIPIENTS = 5, 2
"""Of each deliberation: ten pairs of a legal context and a recipient."""
CONTRACTS = ("HANDICAP", "LIVING_WAGE", "SOCIAL_STATUS")
FIELDS = {"HANDICAP": "rights", "LIVING_WAGE": "years.total", "SOCIAL_STATUS": "statuses.result"}


def contexts(at: int) -> list[str]:
    """The legal contexts of the deliberation with this place in the list."""
    return [f"BENCH:PURPOSE_{at}_{one}" for one in range(CONTEXTS)]


def places(at: int) -> list[SectorInstitution]:
    """Its recipients."""
    return [SectorInstitution(at % 900, one) for one in range(RECIPIENTS)]


def deliberations(count: int) -> Iterator[Deliberation]:
    """So many deliberations, in force; at most 100,000."""
    for at in range(count):
        blocks = [
            {
                "contract": contract,
                "version": 1,
                "modes": ["ONLINE", "BATCH"],
                "fields": [FIELDS[contract]],
            }
            for contract in CONTRACTS[: 1 + at % 3]
        ]
        yield document.read(
            {
                "number": f"BENCH/ACT/{at // 1000:02}/{at % 1000:03}",
                "version": 1,
                "document_ref": f"BENCH {at}",
                "title": {"nl": "proef", "fr": "essai", "de": "Probe", "en": f"trial {at}"},
                "decided_on": "2023-01-10",
                "status": "IN_FORCE",
                "kind": "INDIVIDUAL",
                "senders": ["16.0", "16.2", "25.0"],
                "recipients": [str(place) for place in places(at)],
                "purpose": "to measure what a decision costs",
                "legal_basis": [{"act": "Act of 15 January 1990", "article": "15"}],
                "legal_contexts": contexts(at),
                "data_blocks": blocks,
                "person_categories": {"quality_codes": ["001", "002"], "household": False},
                "period": {"months_back": 24, "months_forward": 0},
                "frequency": "CONTINUOUS",
                "valid_from": "2023-02-01",
                "valid_until": None,
                "retention_days": 365,
                "hourly_quota": 0,
                "conditions": ["log every access"],
                "publication": {"path": f"bench/{at}", "languages": ["nl", "fr"]},
                "source": "synthetic",
            }
        )


def question(at: int, context: int, recipient: int, *, denied: bool = False) -> pb.AccessQuestion:
    """A question about a deliberation; a denied one is asked by a recipient of another."""
    place = places(at)[recipient]
    asked = pb.AccessQuestion(
        customer_cbe_number="0899990348",
        legal_context=contexts(at)[context],
        data_contract="HANDICAP",
        contract_version=1,
        mode=pb.EXCHANGE_MODE_ONLINE,
    )
    asked.customer_sector_institution.sector = place.sector
    asked.customer_sector_institution.institution = 7 if denied else place.institution
    for day in (asked.period.begin_date, asked.period.end_date):
        day.year, day.month, day.day = DAY.year, DAY.month, DAY.day
    return asked


def questions(among: int, number: int, *, denied: bool = False) -> list[pb.AccessQuestion]:
    """So many questions about the first so many deliberations, each pair as likely."""
    random = Random(20260331)
    return [
        question(
            random.randrange(among),
            random.randrange(CONTEXTS),
            random.randrange(RECIPIENTS),
            denied=denied,
        )
        for _ in range(number)
    ]


def batches(among: int, size: int, number: int, *, denied: bool = False) -> list[bytes]:
    """Requests of so many questions each."""
    asked = questions(among, size * number, denied=denied)
    return [
        pb.CheckAccessRequest(questions=asked[at : at + size]).SerializeToString()
        for at in range(0, len(asked), size)
    ]
