"""Deliberations as messages."""

from collections.abc import Callable
from typing import cast

from cbss.access.v1 import access_service_pb2, deliberation_pb2

from services.access.model import (
    Accession,
    AccessionClass,
    DataBlock,
    Deliberation,
    Kind,
    Standing,
    Wording,
)
from services.access.store.parties import kinds
from services.access.wire.decisions import encode_frequency
from services.concepts.organization import Organization
from services.wire import decisions, values

Names = Callable[[Organization], str]
"""Tells what an organization, or whoever is at a place, is called."""


def encode_deliberation(
    text: Deliberation, names: Names, day_standing: Standing
) -> deliberation_pb2.Deliberation:
    """A deliberation as it is public."""

    def party(organization: Organization) -> deliberation_pb2.DeliberationParty:
        return deliberation_pb2.DeliberationParty(
            organization=values.encode_organization(organization), name=names(organization)
        )

    forward = text.period.months_forward
    return deliberation_pb2.Deliberation(
        number=text.number,
        version=text.version,
        document_ref=text.document_ref,
        title=_wording(text.title),
        decided_on=values.encode_day(text.decided_on),
        state=_state(day_standing),
        kind=_kind(text.kind),
        senders=map(party, text.senders),
        recipients=map(party, text.recipients),
        open_to_accession=text.open_to_accession,
        accessions=[_accession(one, party) for one in text.accessions],
        may_accede=_class(text.may_accede),
        proposed_accessions=[
            deliberation_pb2.ProposedAccession(
                accession=_accession(one.accession, party), proposed_by=one.proposed_by
            )
            for one in text.proposed_accessions
        ],
        processors=map(party, text.processors),
        via_integrator=text.via_integrator,
        purpose=_wording(text.purpose),
        legal_basis=encode_legal_basis(text),
        legal_contexts=text.legal_contexts,
        data_blocks=map(_block, text.data_blocks),
        person_categories=deliberation_pb2.PersonCategories(
            quality_codes=text.person_categories.quality_codes,
            household=text.person_categories.household,
        ),
        period_rule=deliberation_pb2.PeriodRule(
            months_back=text.period.months_back, months_forward=forward
        ),
        frequency=encode_frequency(text.frequency),
        validity=values.encode_period(text.validity),
        retention_days=text.retention_days,
        hourly_quota=text.hourly_quota,
        expected_hourly_volume=text.expected_hourly_volume,
        notify_subject=text.notify_subject,
        conditions=map(_wording, text.conditions),
        publication=deliberation_pb2.Publication(
            path=text.publication.path, languages=text.publication.languages
        ),
        source=text.source,
        digest=text.digest,
        history=[
            deliberation_pb2.StateChange(
                state=_state(move.standing), day=values.encode_day(move.day)
            )
            for move in text.moves
            if move.standing is not Standing.PROPOSED
        ],
    )


def encode_legal_basis(text: Deliberation) -> list[deliberation_pb2.LegalBasis]:
    """The articles of law behind a deliberation."""
    return [
        deliberation_pb2.LegalBasis(act=basis.act, article=basis.article)
        for basis in text.legal_basis
    ]


def _accession(
    accession: Accession, party: Callable[[Organization], deliberation_pb2.DeliberationParty]
) -> deliberation_pb2.Accession:
    return deliberation_pb2.Accession(
        recipient=party(accession.recipient),
        period=values.encode_period(accession.period),
        regulation=accession.regulation,
    )


def _class(may_accede: AccessionClass | None) -> deliberation_pb2.AccessionClass | None:
    if may_accede is None:
        return None
    return deliberation_pb2.AccessionClass(
        organization_kinds=[
            deliberation_pb2.OrganizationKind(code=kind, title=_wording(kinds()[kind]))
            for kind in may_accede.kinds
        ],
        sectors=may_accede.sectors,
    )


def _block(block: DataBlock) -> deliberation_pb2.DataBlock:
    return deliberation_pb2.DataBlock(
        data_contract=block.contract.code,
        contract_version=block.contract.version,
        modes=[cast("access_service_pb2.ExchangeMode", mode.value) for mode in block.modes],
        fields=block.fields,
        undisclosable_addresses=block.undisclosable_addresses,
        criteria=map(decisions.encode_limit, block.criteria),
    )


def _wording(wording: Wording) -> deliberation_pb2.Wording:
    return deliberation_pb2.Wording(
        nl=wording.nl or "", fr=wording.fr or "", de=wording.de or "", en=wording.en
    )


def _state(standing: Standing) -> deliberation_pb2.DeliberationState:
    name = f"DELIBERATION_STATE_{standing.value}"
    return cast(
        "deliberation_pb2.DeliberationState", deliberation_pb2.DeliberationState.Value(name)
    )


def _kind(kind: Kind) -> deliberation_pb2.DeliberationKind:
    name = f"DELIBERATION_KIND_{kind.value}"
    return cast("deliberation_pb2.DeliberationKind", deliberation_pb2.DeliberationKind.Value(name))
