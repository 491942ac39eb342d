"""Values of the law as messages of `cbss.common.v1`, and back."""

from cbss.common.v1 import organization_pb2

from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import invalid
from services.concepts.organization import Organization, parse_sector_institution


def text(told: str, path: str, longest: int, *, shortest: int = 0) -> str:
    """A text within bounds."""
    if not shortest <= len(told) <= longest:
        raise invalid(path, f"must be {shortest} to {longest} characters")
    return told


def organization(told: organization_pb2.Organization, path: str) -> Organization:
    """The organization that a message names."""
    match told.WhichOneof("identification"):
        case "cbe_number":
            return parse_enterprise_number(told.cbe_number, field=f"{path}.cbe_number")
        case "sector_institution":
            at, field = told.sector_institution, f"{path}.sector_institution"
            return parse_sector_institution(at.sector, at.institution, field=field)
    raise invalid(path, "must name an organization")
