"""The terms of the duty to correct, as `data/duties.yaml` holds them, checked when the service
starts."""

from datetime import date
from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field

from services.audit.trail.model.deliveries import Term
from services.concepts import written


class _Rule(written.Part):
    begins: date = Field(alias="from")
    answer_days: int = Field(ge=1, le=366)
    told_months: int = Field(ge=1, le=120)
    source: str = Field(min_length=1)


class _File(written.Part):
    terms: list[_Rule] = Field(min_length=1)


@cache
def terms() -> tuple[Term, ...]:
    """The terms that the service comes with."""
    held = yaml.safe_load(files("services.audit").joinpath("data/duties.yaml").read_text("utf-8"))
    return tuple(
        Term(one.begins, one.answer_days, one.told_months, one.source)
        for one in _File.model_validate(held).terms
    )
