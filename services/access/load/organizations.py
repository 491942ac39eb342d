"""Organizations as the onboarding file of the network writes them, in YAML.

The directory reads the same file and more of it; what access does not need is passed over here.
"""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from services.access.model import KnownOrganization
from services.access.store.document import violations_of
from services.access.store.parties import kinds
from services.concepts import written
from services.concepts.failures import InvalidArgument


def _known_kind(kind: str) -> str:
    if kind not in kinds():
        raise ValueError("is no kind of organization")
    return kind


class _Organization(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    cbe_number: written.Number
    name: written.Text
    sector_institution: written.Place | None = None
    public_key_sha256: tuple[written.Fingerprint, ...] = ()
    manages: tuple[written.Number, ...] = ()
    kind: Annotated[str, AfterValidator(_known_kind)] = ""


class _Document(BaseModel):
    organizations: Annotated[tuple[_Organization, ...], written.SOME]


def read(plain: object) -> list[KnownOrganization]:
    """The organizations of a file; fails naming every field that is wrong."""
    try:
        document = _Document.model_validate(plain)
    except ValidationError as wrong:
        raise InvalidArgument(violations=violations_of(wrong)) from None
    return [
        KnownOrganization(
            one.cbe_number,
            one.name,
            one.sector_institution,
            frozenset(one.public_key_sha256),
            frozenset(one.manages),
            one.kind,
        )
        for one in document.organizations
    ]
