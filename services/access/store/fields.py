"""The fields of a deliberation's written form: texts parsed to values, with bounds.

Organizations are written `17.1` (sector.institution) or as 10 digits (enterprise number), days as
`yyyy-mm-dd`.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, PlainValidator

from services.access.model import Mode
from services.concepts.enterprise_number import EnterpriseNumber, parse_enterprise_number
from services.concepts.failures import InvalidArgument
from services.concepts.legal_context import LegalContext, parse_legal_context
from services.concepts.organization import (
    Organization,
    SectorInstitution,
    parse_sector_institution,
)

T = TypeVar("T")

_PLACE = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_place(text: str) -> SectorInstitution:
    """The place in the network that a text names; fails with ValueError."""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise ValueError("must be sector.institution, for example 17.1")
    return parse_sector_institution(int(found[1]), int(found[2]))


def parse_organization(text: str) -> Organization:
    """The organization that a text names; fails with ValueError or InvalidArgument."""
    return parse_place(text) if "." in text else parse_enterprise_number(text)


def _parse_day(text: str) -> date:
    if _DAY.fullmatch(text) is None:
        raise ValueError("must be a day, yyyy-mm-dd")
    return date.fromisoformat(text)


def _parse_mode(text: str) -> Mode:
    if text not in Mode.__members__:
        raise ValueError(f"must be one of {', '.join(Mode.__members__)}")
    return Mode[text]


def _parsed(parse: Callable[[str], T]) -> PlainValidator:
    def validate(value: object) -> T:
        if not isinstance(value, str):
            raise ValueError("must be a text; put it in quotes")
        try:
            return parse(value)
        except InvalidArgument as invalid:
            raise ValueError(invalid.violations[0].description) from None

    return PlainValidator(validate)


def _not_empty(values: tuple[T, ...]) -> tuple[T, ...]:
    if not values:
        raise ValueError("must not be empty")
    return values


# Not `min_length`, which counts only what is valid and then complains a second time.
SOME = AfterValidator(_not_empty)
Text = Annotated[str, Field(strict=True, min_length=1, max_length=4000)]
Code = Annotated[str, Field(strict=True, pattern=r"^[0-9]{3}$")]
"""A quality code: 3 digits."""
FieldPath = Annotated[str, Field(strict=True, pattern=r"^(\*|[a-z0-9_]+(\.[a-z0-9_]+)*)$")]
UrlPath = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$")]
Language = Annotated[str, Field(strict=True, pattern=r"^(nl|fr|de|en)$")]
Count = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]
Version = Annotated[int, Field(strict=True, ge=1, le=9999)]
Months = Annotated[int, Field(strict=True, ge=0, le=1200)]
Flag = Annotated[bool, Field(strict=True)]
Day = Annotated[date, _parsed(_parse_day)]
Number = Annotated[EnterpriseNumber, _parsed(parse_enterprise_number)]
Fingerprint = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a public key, in hexadecimal."""
Place = Annotated[SectorInstitution, _parsed(parse_place)]
AnyOrganization = Annotated[Organization, _parsed(parse_organization)]
Context = Annotated[LegalContext, _parsed(parse_legal_context)]
Way = Annotated[Mode, _parsed(_parse_mode)]
