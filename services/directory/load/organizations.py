"""Which organizations there are, as the onboarding file of the network tells: dossiers name them.

The registry reads the same file and all of it; the directory needs the numbers, to give each a key,
and the places, whose qualities their dossiers can have.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, ValidationError

from services.concepts import written
from services.concepts.reference import Organization
from services.concepts.reviewed import LoadRefused, problems_of


class _Organization(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    cbe_number: written.Number
    name: written.Text
    sector_institution: written.Place | None = None


class _Document(BaseModel):
    organizations: Annotated[tuple[_Organization, ...], written.SOME]


def read(plain: object) -> list[Organization]:
    """The organizations of a file."""
    try:
        document = _Document.model_validate(plain)
    except ValidationError as invalid:
        raise LoadRefused(problems_of(invalid)) from None
    return [
        Organization(one.cbe_number, one.name, one.sector_institution)
        for one in document.organizations
    ]
