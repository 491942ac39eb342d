"""Organizations and data contracts as the directory places them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NewType

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.quality_code import QualityCode
from services.concepts.reference import DataContract

OrganizationKey = NewType("OrganizationKey", int)
"""Names an organization inside this service; stays when its enterprise number changes."""


@dataclass(frozen=True, slots=True)
class Source:
    """An organization that supplies a contract: a supplier, looked up by its place."""

    key: OrganizationKey
    cbe_number: EnterpriseNumber
    source_code: str
    quality_codes: frozenset[QualityCode]
    deadline: timedelta | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A contract with the organizations that supply it now."""

    contract: DataContract
    sources: tuple[Source, ...]
