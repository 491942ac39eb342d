"""The fields of written forms: texts parsed to values.

Places are written `17.1` (sector.institution), numbers of organizations and quality codes as quoted
digits, days as `yyyy-mm-dd`.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator

from services.concepts.enterprise_number import EnterpriseNumber, parse_enterprise_number
from services.concepts.failures import InvalidArgument
from services.concepts.organization import SectorInstitution, parse_sector_institution
from services.directory.model import QualityCode

T = TypeVar("T")

_PLACE = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})")
_CODE = re.compile(r"[0-9]{3}")


class Part(BaseModel):
    """A written form, or a part of one: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def parse_place(text: str) -> SectorInstitution:
    """The place in the network that a text names; fails with ValueError."""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise ValueError("must be sector.institution, for example 17.1")
    return parse_sector_institution(int(found[1]), int(found[2]))


def parse_quality_code(text: str) -> QualityCode:
    """The quality code that a text holds; fails with ValueError."""
    if _CODE.fullmatch(text) is None:
        raise ValueError("must be 3 digits")
    return QualityCode(int(text))


def _parsed(parse: Callable[[str], T]) -> PlainValidator:
    def validate(value: Any) -> T:
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
Number = Annotated[EnterpriseNumber, _parsed(parse_enterprise_number)]
Place = Annotated[SectorInstitution, _parsed(parse_place)]
Quality = Annotated[QualityCode, _parsed(parse_quality_code)]
Fingerprint = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")]
Flag = Annotated[bool, Field(strict=True)]
