"""The shape of a deliberation's written form: which fields it has, and how each may look."""

from datetime import date
from typing import Annotated, Self

from pydantic import (
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from services.access.model import AccessionClass, Frequency, Kind, Standing
from services.access.store import fields
from services.concepts import written
from services.concepts.criteria import CriterionLimit
from services.concepts.period import Period


class _Dated(written.Part):
    valid_from: written.Day
    valid_until: written.Day | None = None

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


class _Title(written.Part):
    nl: written.Text
    fr: written.Text
    de: written.Text
    en: written.Text


class _Wording(written.Part):
    nl: written.Text | None = None
    fr: written.Text | None = None
    de: written.Text | None = None
    en: written.Text


def _worded(value: object) -> object:
    # A text alone is English: the languages of the country can be added to it later.
    return {"en": value} if isinstance(value, str) else value


Wording = Annotated[_Wording, BeforeValidator(_worded)]


class _LegalBasis(written.Part):
    act: written.Text
    article: written.Text


class _CriterionLimit(written.Part):
    field: fields.CriterionPath
    values: tuple[fields.CriterionValue, ...] = ()
    minimum: fields.Bound | None = None
    maximum: fields.Bound | None = None
    absent: written.Flag = False

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        bounded = self.minimum is not None or self.maximum is not None
        if [bool(self.values), bounded, self.absent].count(True) != 1:
            raise ValueError("must hold values, or minimum and maximum, or absent: true")
        if self.minimum is not None and self.maximum is not None and self.maximum < self.minimum:
            raise ValueError("maximum must not be below minimum")
        return self

    def limit(self) -> CriterionLimit:
        """What it says, as a value."""
        return CriterionLimit(
            field=self.field, values=self.values, minimum=self.minimum, maximum=self.maximum
        )


class _DataBlock(written.Part):
    contract: Annotated[str, Field(strict=True, pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]
    version: fields.Version
    modes: Annotated[tuple[fields.Way, ...], written.SOME]
    undisclosable_addresses: written.Flag = False
    criteria: tuple[_CriterionLimit, ...] = ()
    fields: Annotated[tuple[fields.FieldPath, ...], written.SOME]


class _PersonCategories(written.Part):
    quality_codes: tuple[fields.Code, ...]
    household: written.Flag


class _PeriodRule(written.Part):
    months_back: fields.Months
    months_forward: fields.Months | None


class _Accession(_Dated):
    recipient: fields.AnyOrganization
    regulation: written.Text


class _AccessionClass(written.Part):
    kinds: tuple[fields.Kind, ...] = ()
    sectors: tuple[fields.Sector, ...] = ()

    @model_validator(mode="after")
    def _bounds_something(self) -> Self:
        if not self.kinds and not self.sectors:
            raise ValueError("must name kinds of organization, or sectors")
        return self


class _Publication(written.Part):
    path: fields.UrlPath
    languages: Annotated[tuple[fields.Language, ...], written.SOME]


class Document(_Dated):
    """A deliberation as it is written, checked field by field."""

    number: Annotated[str, Field(strict=True, pattern=r"^[A-Z]+/[A-Z]+/[0-9]{2}/[0-9]{3}$")]
    version: fields.Version
    document_ref: written.Text
    title: _Title
    decided_on: written.Day
    status: Standing = Standing.PROPOSED
    kind: Kind
    senders: Annotated[tuple[written.Place, ...], written.SOME]
    recipients: tuple[fields.AnyOrganization, ...]
    may_accede: _AccessionClass | None = None
    accessions: tuple[_Accession, ...] = ()
    processors: tuple[fields.AnyOrganization, ...] = ()
    via_integrator: written.Flag = True
    purpose: Wording
    legal_basis: Annotated[tuple[_LegalBasis, ...], written.SOME]
    legal_contexts: Annotated[tuple[fields.Context, ...], written.SOME]
    data_blocks: Annotated[tuple[_DataBlock, ...], written.SOME]
    person_categories: _PersonCategories
    period: _PeriodRule
    frequency: Frequency
    retention_days: fields.Count
    hourly_quota: fields.Count
    expected_hourly_volume: fields.Count = 0
    notify_subject: written.Flag = False
    conditions: tuple[Wording, ...]
    publication: _Publication
    source: written.Text

    def accession_class(self) -> AccessionClass | None:
        """Who may accede, as a value."""
        told = self.may_accede
        return None if told is None else AccessionClass(told.kinds, told.sectors)
