"""For how many years what is written about people is kept; the trail forgets by it, and people read
it."""

from functools import cache
from typing import Annotated

from pydantic import Field

from services.concepts import written
from services.concepts.dated import Dated, Versions, load


class Retention(Dated):
    """For how many years something is kept, from a day on, and who says so."""

    years: Annotated[int, Field(strict=True, ge=1, le=200)]


class _File(written.Part):
    retention: Versions[Retention]
    error_reports: Versions[Retention]
    decisions: Versions[Retention]


def retentions(of: str = "retention") -> Versions[Retention]:
    """How long the trail is kept, or something else (`error_reports`, `decisions`)."""
    held: Versions[Retention] = getattr(_held(), of)
    return held


@cache
def _held() -> _File:
    return load("services.concepts", "data/retention.yaml", _File)
