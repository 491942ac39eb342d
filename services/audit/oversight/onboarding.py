"""The volumes that institutions announced, from the onboarding file that the loads read too."""

from collections import Counter

import yaml
from pydantic import BaseModel, Field

from services.audit.oversight.thresholds import Estimates


class _Expected(BaseModel):
    legal_context: str
    hourly: int = Field(ge=1)


class _Organization(BaseModel):
    cbe_number: str = Field(pattern=r"^[0-9]{10}$")
    expects: list[_Expected] = []


class _File(BaseModel):
    organizations: list[_Organization]


def estimates(text: str) -> Estimates:
    """The exchanges an hour by institution and purpose, all data contracts together."""
    expected: Counter[tuple[str, str]] = Counter()
    for one in _File.model_validate(yaml.safe_load(text)).organizations:
        for told in one.expects:
            expected[one.cbe_number, told.legal_context] += told.hourly
    return expected
