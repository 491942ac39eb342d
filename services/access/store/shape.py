"""The shape of a deliberation's written form: which fields it has, and how each may look."""

from datetime import date
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from services.access.model import Frequency, Kind, Standing
from services.access.store import fields
from services.concepts.period import Period


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Dated(_Part):
    valid_from: fields.Day
    valid_until: fields.Day | None = None

    @field_validator("valid_until")
    @classmethod
    def _ends_after_it_begins(cls, end: date | None, others: ValidationInfo) -> date | None:
        begin = others.data.get("valid_from")
        if end is not None and begin is not None and end < begin:
            raise ValueError("must not be before valid_from")
        return end

    def validity(self) -> Period:
        """The two days as a period."""
        return Period(self.valid_from, self.valid_until)


class _Title(_Part):
    nl: fields.Text
    fr: fields.Text
    de: fields.Text
    en: fields.Text


class _Wording(_Part):
    nl: fields.Text | None = None
    fr: fields.Text | None = None
    de: fields.Text | None = None
    en: fields.Text


def _worded(value: object) -> object:
    # A text alone is English: the languages of the country can be added to it later.
    return {"en": value} if isinstance(value, str) else value


Wording = Annotated[_Wording, BeforeValidator(_worded)]


class _LegalBasis(_Part):
    act: fields.Text
    article: fields.Text


class _DataBlock(_Part):
    contract: Annotated[str, Field(strict=True, pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]
    version: fields.Version
    modes: Annotated[tuple[fields.Way, ...], fields.SOME]
    undisclosable_addresses: fields.Flag = False
    fields: Annotated[tuple[fields.FieldPath, ...], fields.SOME]


class _PersonCategories(_Part):
    quality_codes: tuple[fields.Code, ...]
    household: fields.Flag


class _PeriodRule(_Part):
    months_back: fields.Months
    months_forward: fields.Months | None


class _Accession(_Dated):
    recipient: fields.AnyOrganization
    regulation: fields.Text


class _Publication(_Part):
    path: fields.UrlPath
    languages: Annotated[tuple[fields.Language, ...], fields.SOME]


class Document(_Dated):
    """A deliberation as it is written, checked field by field."""

    number: Annotated[str, Field(strict=True, pattern=r"^[A-Z]+/[A-Z]+/[0-9]{2}/[0-9]{3}$")]
    version: fields.Version
    document_ref: fields.Text
    title: _Title
    decided_on: fields.Day
    status: Standing = Standing.PROPOSED
    kind: Kind
    senders: Annotated[tuple[fields.Place, ...], fields.SOME]
    recipients: tuple[fields.AnyOrganization, ...]
    open_to_accession: fields.Flag = False
    accessions: tuple[_Accession, ...] = ()
    processors: tuple[fields.AnyOrganization, ...] = ()
    via_integrator: fields.Flag = True
    purpose: Wording
    legal_basis: Annotated[tuple[_LegalBasis, ...], fields.SOME]
    legal_contexts: Annotated[tuple[fields.Context, ...], fields.SOME]
    data_blocks: Annotated[tuple[_DataBlock, ...], fields.SOME]
    person_categories: _PersonCategories
    period: _PeriodRule
    frequency: Frequency
    retention_days: fields.Count
    hourly_quota: fields.Count
    expected_hourly_volume: fields.Count = 0
    notify_subject: fields.Flag = False
    conditions: tuple[Wording, ...]
    publication: _Publication
    source: fields.Text
