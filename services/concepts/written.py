"""Values of the law as people write them in reviewed files: texts parsed to values, with bounds.

Places are written `17.1` (sector.institution), numbers of organizations and fingerprints as quoted
digits. The types are for the forms of such files (pydantic).
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from services.concepts.enterprise_number import EnterpriseNumber, parse_enterprise_number
from services.concepts.failures import InvalidArgument
from services.concepts.organization import SectorInstitution, parse_sector_institution
from services.concepts.text import is_plain

T = TypeVar("T")

_WEB_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_LONGEST_WEB_NAME = 253
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACE = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})")


class Part(BaseModel):
    """A written form, or a part of one: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def parse_place(text: str) -> SectorInstitution:
    """The place in the network that a text names; fails with ValueError."""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise ValueError("must be sector.institution, for example 17.1")
    return parse_sector_institution(int(found[1]), int(found[2]))


def parse_web_name(text: str) -> str:
    """The name of a host on the web; fails with ValueError."""
    if len(text) > _LONGEST_WEB_NAME or _WEB_NAME.fullmatch(text) is None:
        raise ValueError("must be a name of a host in small letters, for example ghent.example")
    return text


def parsed_with(parse: Callable[[str], T]) -> PlainValidator:
    """Makes a field of a form hold what its text means; fails saying what was expected."""

    def validate(value: object) -> T:
        if not isinstance(value, str):
            raise ValueError("must be a text; put it in quotes")
        try:
            return parse(value)
        except InvalidArgument as wrong:
            raise ValueError(wrong.violations[0].description) from None

    return PlainValidator(validate)


def _not_empty(values: tuple[T, ...]) -> tuple[T, ...]:
    if not values:
        raise ValueError("must not be empty")
    return values


def _plain(text: str) -> str:
    if not is_plain(text):
        raise ValueError("must have no characters that nobody sees")
    return text


def _not_empty_set(values: frozenset[T]) -> frozenset[T]:
    if not values:
        raise ValueError("must not be empty")
    return values


def _day(value: object) -> object:
    # Nothing else: a number would be taken for seconds since 1970.
    if type(value) is date:
        return value
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        raise ValueError("must be a day, yyyy-mm-dd")
    return date.fromisoformat(value)


# Not `min_length`, which counts only what is valid and then complains a second time.
SOME = AfterValidator(_not_empty)
PLAIN = AfterValidator(_plain)
SOME_OF_A_SET = AfterValidator(_not_empty_set)
Text = Annotated[str, Field(strict=True, min_length=1, max_length=4000), PLAIN]
Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day, `yyyy-mm-dd`."""
Flag = Annotated[bool, Field(strict=True)]
Number = Annotated[EnterpriseNumber, parsed_with(parse_enterprise_number)]
Place = Annotated[SectorInstitution, parsed_with(parse_place)]
WebName = Annotated[str, parsed_with(parse_web_name)]
Fingerprint = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a public key, in hexadecimal."""
