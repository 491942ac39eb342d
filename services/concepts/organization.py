"""An organization of the network (Dutch: instelling, actor), named in one of two ways.

Source: official common schema, type OrganizationIdentification.
"""

from dataclasses import dataclass

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import invalid

HIGHEST_CODE = 999


@dataclass(frozen=True, slots=True, order=True)
class SectorInstitution:
    """A place in the network: a sector and a type of institution in it, 0 to 999 each."""

    sector: int
    institution: int

    def __str__(self) -> str:
        return f"{self.sector}.{self.institution}"


Organization = EnterpriseNumber | SectorInstitution


def parse_sector_institution(
    sector: int, institution: int, *, field: str = "sector_institution"
) -> SectorInstitution:
    """The place that two codes name; fails naming the field when one is out of bounds."""
    for name, code in (("sector", sector), ("institution", institution)):
        if not 0 <= code <= HIGHEST_CODE:
            raise invalid(f"{field}.{name}", "must be 0 to 999")
    return SectorInstitution(sector, institution)
