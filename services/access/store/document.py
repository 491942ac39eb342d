"""The written form of a deliberation: in the reviewed file and, as JSON, in the store.

One reading for both, so that what was reviewed is what is decided on.
"""

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from pydantic import ValidationError

from services.access.errors import DeliberationUnreadable
from services.access.model import (
    Accession,
    AccessionClass,
    DataBlock,
    Deliberation,
    LegalBasis,
    PeriodRule,
    PersonCategories,
    Publication,
    Standing,
    Wording,
)
from services.access.store.shape import Document
from services.concepts.criteria import CriterionLimit
from services.concepts.data_contract import ContractName
from services.concepts.dated import faults_of
from services.concepts.failures import FieldViolation
from services.concepts.period import Period


def read(plain: object) -> Deliberation:
    """The deliberation that a written form holds; fails naming every field that is wrong."""
    try:
        document = Document.model_validate(plain)
    except ValidationError as wrong:
        raise DeliberationUnreadable(violations=violations_of(wrong)) from None
    return _deliberation(document)


def written_form(text: Deliberation) -> dict[str, Any]:
    """The written form of a deliberation, without what moves on while the text stays the same:
    its standing and its accessions."""
    return {
        "number": text.number,
        "version": text.version,
        "document_ref": text.document_ref,
        "title": asdict(text.title),
        "decided_on": text.decided_on.isoformat(),
        "kind": text.kind.value,
        "senders": [str(sender) for sender in text.senders],
        "recipients": [str(recipient) for recipient in text.recipients],
        **_unless(may_accede=_written_class(text.may_accede)),
        **_unless(processors=[str(one) for one in text.processors]),
        **({} if text.via_integrator else {"via_integrator": False}),
        "purpose": _written_wording(text.purpose),
        "legal_basis": [asdict(basis) for basis in text.legal_basis],
        "legal_contexts": list(text.legal_contexts),
        "data_blocks": [_written_block(block) for block in text.data_blocks],
        "person_categories": asdict(text.person_categories),
        "period": asdict(text.period),
        "frequency": text.frequency.value,
        **written_period(text.validity),
        "retention_days": text.retention_days,
        "hourly_quota": text.hourly_quota,
        **_unless(
            expected_hourly_volume=text.expected_hourly_volume,
            notify_subject=text.notify_subject,
        ),
        "conditions": [_written_wording(one) for one in text.conditions],
        "publication": asdict(text.publication),
        "source": text.source,
    }


def _written_class(may_accede: AccessionClass | None) -> dict[str, Any]:
    if may_accede is None:
        return {}
    return _unless(kinds=list(may_accede.kinds), sectors=list(may_accede.sectors))


def written_period(period: Period) -> dict[str, str | None]:
    """The days between which something is valid, as they are written."""
    return {
        "valid_from": period.begin.isoformat(),
        "valid_until": period.end.isoformat() if period.end else None,
    }


def _unless(**values: Any) -> dict[str, Any]:
    # What says nothing is not written: texts from before a field keep their digest.
    return {name: value for name, value in values.items() if value}


def _written_wording(wording: Wording) -> str | dict[str, str]:
    translated = {language: said for language, said in asdict(wording).items() if said is not None}
    return wording.en if list(translated) == ["en"] else translated


def _written_block(block: DataBlock) -> dict[str, Any]:
    return {
        "contract": block.contract.code,
        "version": block.contract.version,
        "modes": [mode.name for mode in block.modes],
        "fields": list(block.fields),
        **_unless(
            undisclosable_addresses=block.undisclosable_addresses,
            criteria=[_written_limit(limit) for limit in block.criteria],
        ),
    }


def _written_limit(limit: CriterionLimit) -> dict[str, Any]:
    bounds = {"minimum": limit.minimum, "maximum": limit.maximum}
    return {
        "field": limit.field,
        **_unless(values=list(limit.values), absent=limit.forbids),
        **{name: bound for name, bound in bounds.items() if bound is not None},
    }


def _deliberation(document: Document) -> Deliberation:
    text = Deliberation(
        number=document.number,
        version=document.version,
        document_ref=document.document_ref,
        title=Wording(**dict(document.title)),
        decided_on=document.decided_on,
        standing=document.status,
        kind=document.kind,
        accessions=tuple(
            Accession(one.recipient, one.validity(), one.regulation) for one in document.accessions
        ),
        senders=document.senders,
        recipients=document.recipients,
        may_accede=document.accession_class(),
        processors=document.processors,
        via_integrator=document.via_integrator,
        purpose=Wording(**dict(document.purpose)),
        legal_basis=tuple(LegalBasis(**dict(basis)) for basis in document.legal_basis),
        legal_contexts=document.legal_contexts,
        data_blocks=tuple(
            DataBlock(
                ContractName(block.contract, block.version),
                block.modes,
                block.fields,
                block.undisclosable_addresses,
                tuple(one.limit() for one in block.criteria),
            )
            for block in document.data_blocks
        ),
        person_categories=PersonCategories(**dict(document.person_categories)),
        period=PeriodRule(**dict(document.period)),
        frequency=document.frequency,
        validity=document.validity(),
        retention_days=document.retention_days,
        hourly_quota=document.hourly_quota,
        expected_hourly_volume=document.expected_hourly_volume,
        notify_subject=document.notify_subject,
        conditions=tuple(Wording(**dict(one)) for one in document.conditions),
        publication=Publication(**dict(document.publication)),
        source=document.source,
        digest="",
        # A file tells acts of the past as they stand: whatever is no proposal was enacted once.
        enacted=document.status is not Standing.PROPOSED,
    )
    content = json.dumps(written_form(text), sort_keys=True, ensure_ascii=False)
    return replace(text, digest=hashlib.sha256(content.encode()).hexdigest())


def violations_of(wrong: ValidationError) -> list[FieldViolation]:
    """Every field that is wrong in a written form, by its path."""
    return [FieldViolation(field, said) for field, said in faults_of(wrong)]
