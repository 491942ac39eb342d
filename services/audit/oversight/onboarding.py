"""The volumes that institutions announced, from the onboarding file that the loads read too."""

from collections import Counter
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from services.audit.oversight.model.thresholds import Estimates
from services.concepts.dated import parse
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import InvalidArgument
from services.concepts.legal_context import parse_legal_context


def _read(meaning: Callable[[str], object]) -> AfterValidator:
    def read(text: str) -> str:
        try:
            meaning(text)
        except InvalidArgument as wrong:
            raise ValueError(wrong.violations[0].description) from None
        return text

    return AfterValidator(read)


class _Expected(BaseModel):
    legal_context: Annotated[str, _read(parse_legal_context)]
    hourly: int = Field(ge=1, le=1_000_000_000)


class _Organization(BaseModel):
    cbe_number: Annotated[str, _read(parse_enterprise_number)]
    expects: list[_Expected] = []


class _File(BaseModel):
    organizations: list[_Organization]


def estimates(text: str) -> Estimates:
    """The exchanges an hour by institution and purpose, all data contracts together."""
    expected: Counter[tuple[str, str]] = Counter()
    for one in parse(text, _File, "organizations.yaml").organizations:
        for told in one.expects:
            expected[one.cbe_number, told.legal_context] += told.hourly
    return expected
