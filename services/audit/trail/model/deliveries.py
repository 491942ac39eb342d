"""What went out about a person, and how far back that counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.concepts.dated import Dated
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin


@dataclass(frozen=True, slots=True)
class Datum:
    """Which datum, and where it is authentic."""

    data_contract: str
    field_path: str
    source: EnterpriseNumber


@dataclass(frozen=True, slots=True)
class Concern:
    """What a record of the trail about a report says: whom it concerns, which datum, and under
    which purpose, so that what the law delays is delayed here too."""

    person: Ssin
    datum: Datum | None
    legal_context: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a record of the trail says of data that went out about a person."""

    data_contract: str
    legal_context: str
    occurred_at: datetime
    sources: frozenset[str]
    """The sources whose data were in it."""
    recipients: frozenset[str]
    """Everybody on the way who got them."""
    cut: Sequence[str]
    """The fields that were left out."""


class Term(Dated):
    """How long a source has, and how far back recipients are told, for reports from a day on."""

    answer_days: Annotated[int, Field(strict=True, ge=1, le=366)]
    told_months: Annotated[int, Field(strict=True, ge=1, le=120)]
