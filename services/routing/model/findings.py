"""What the peers find about a question: whether it is allowed, and who knows whom it is about."""

from dataclasses import dataclass

from services.concepts.criteria import CriterionLimit
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.resolved_enterprise import ResolvedEnterprise
from services.concepts.resolved_ssin import ResolvedSsin


@dataclass(frozen=True, slots=True)
class Granted:
    """Access allows the exchange, under these obligations."""

    deliberation: Deliberation
    snapshot_version: str
    fields: tuple[str, ...]
    quality_codes: frozenset[str]
    senders: frozenset[SectorInstitution]
    hourly_quota: int
    expected_hourly_volume: int = 0
    """More exchanges of this customer in an hour raise an alarm; 0 if not told."""
    undisclosable_addresses: bool = False
    """Whether addresses may be answered that must not be disclosed (information type 252)."""
    criteria: tuple[CriterionLimit, ...] = ()
    """What the criteria of the question must keep to."""


@dataclass(frozen=True, slots=True)
class Located:
    """Who knows the person: the customer, by quality codes, and sources, by enterprise number."""

    customer_quality_codes: frozenset[str]
    sources: frozenset[EnterpriseNumber]


@dataclass(frozen=True, slots=True)
class Known:
    """What identification and directory say of a person, side by side."""

    person: ResolvedSsin
    located: Located


Resolved = Known | ResolvedEnterprise
"""What the peers say of whom or what is asked about."""
