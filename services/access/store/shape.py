"""The shape of a deliberation's written form: which fields it has, and how each may look."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.access.model import Frequency, Kind, Standing
from services.access.store import fields
from services.concepts.period import Period


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Dated(_Part):
    valid_from: fields.Day
    valid_until: fields.Day | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until must not be before valid_from")
        return self

    def validity(self) -> Period:
        """The two days as a period."""
        return Period(self.valid_from, self.valid_until)


class _Title(_Part):
    nl: fields.Text
    fr: fields.Text
    de: fields.Text
    en: fields.Text


class _LegalBasis(_Part):
    act: fields.Text
    article: fields.Text


class _DataBlock(_Part):
    contract: Annotated[str, Field(strict=True, pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]
    version: fields.Version
    modes: Annotated[tuple[fields.Way, ...], Field(min_length=1)]
    fields: Annotated[tuple[fields.FieldPath, ...], Field(min_length=1)]


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
    path: fields.Text
    languages: Annotated[tuple[fields.Text, ...], Field(min_length=1)]


class Document(_Dated):
    """A deliberation as it is written, checked field by field."""

    number: Annotated[str, Field(strict=True, pattern=r"^[A-Z]+/[A-Z]+/[0-9]{2}/[0-9]{3}$")]
    version: fields.Version
    document_ref: fields.Text
    title: _Title
    decided_on: fields.Day
    status: Standing
    kind: Kind
    senders: Annotated[tuple[fields.Place, ...], Field(min_length=1)]
    recipients: tuple[fields.AnyOrganization, ...]
    open_to_accession: fields.Flag = False
    accessions: tuple[_Accession, ...] = ()
    purpose: fields.Text
    legal_basis: Annotated[tuple[_LegalBasis, ...], Field(min_length=1)]
    legal_contexts: Annotated[tuple[fields.Context, ...], Field(min_length=1)]
    data_blocks: Annotated[tuple[_DataBlock, ...], Field(min_length=1)]
    person_categories: _PersonCategories
    period: _PeriodRule
    frequency: Frequency
    retention_days: fields.Count
    hourly_quota: fields.Count
    conditions: tuple[fields.Text, ...]
    publication: _Publication
    source: fields.Text
