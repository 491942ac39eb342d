"""The fields of a deliberation's written form: texts parsed to values, with bounds.

Organizations are written `17.1` (sector.institution) or as 10 digits (enterprise number), days as
`yyyy-mm-dd`.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from services.access.model import Mode
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.legal_context import LegalContext, parse_legal_context
from services.concepts.organization import Organization
from services.concepts.written import parse_place, parsed_with


def parse_organization(text: str) -> Organization:
    """The organization that a text names; fails with ValueError or InvalidArgument."""
    return parse_place(text) if "." in text else parse_enterprise_number(text)


def _parse_mode(text: str) -> Mode:
    if text not in Mode.__members__:
        raise ValueError(f"must be one of {', '.join(Mode.__members__)}")
    return Mode[text]


def _as_text(value: object) -> object:
    # A number or a yes of the written form is the text with which criteria are compared.
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value


Code = Annotated[str, Field(strict=True, pattern=r"^[0-9]{3}$")]
"""A quality code: 3 digits."""
Kind = Annotated[str, Field(strict=True, pattern=r"^[A-Z][A-Z_]{0,63}$")]
"""A kind of organization, as the list names it."""
Sector = Annotated[int, Field(strict=True, ge=0, le=999)]
FieldPath = Annotated[str, Field(strict=True, pattern=r"^(\*|[a-z0-9_]+(\.[a-z0-9_]+)*)$")]
CriterionPath = Annotated[
    str, Field(strict=True, max_length=200, pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")
]
"""The path of a field in a criteria message."""
CriterionValue = Annotated[str, BeforeValidator(_as_text), Field(min_length=1, max_length=200)]
Bound = Annotated[int, Field(strict=True, ge=-(2**63), le=2**63 - 1)]
UrlPath = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$")]
Language = Annotated[str, Field(strict=True, pattern=r"^(nl|fr|de|en)$")]
Count = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]
Version = Annotated[int, Field(strict=True, ge=1, le=9999)]
Months = Annotated[int, Field(strict=True, ge=0, le=1200)]
AnyOrganization = Annotated[Organization, parsed_with(parse_organization)]
Context = Annotated[LegalContext, parsed_with(parse_legal_context)]
Way = Annotated[Mode, parsed_with(_parse_mode)]
