"""Citizens' questions about themselves, and what they are told."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.trail import form
from services.audit.trail.model import Kept, OwnInquiry, OwnUses, Shown, Stage, Use
from services.audit.trail.rules import telling
from services.audit.trail.rules.telling import Leg, Result, Said
from services.audit.trail.wire import proofs
from services.audit.trail.wire.inquiries import Reader
from services.audit.trail.words import words
from services.concepts.citizen import OWN_RIGHT, Citizen
from services.concepts.contract_words import contract_words
from services.concepts.failures import invalid
from services.concepts.status import StatusValue
from services.wire.citizens import encode_words

DEFAULT_PAGE, LARGEST_PAGE = 20, 100
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC), datetime(2262, 1, 1, tzinfo=UTC)


def decode_inquiry(
    request: pb.ListMyConsultationsRequest, reader: Reader, asking: Citizen
) -> OwnInquiry:
    """A citizen's question."""
    begins = _instant(request, "occurred_from", _ALWAYS[0])
    ends = _instant(request, "occurred_until", _ALWAYS[1])
    if begins >= ends:
        raise invalid("occurred_until", "must be after occurred_from")
    page = reader.page(request, default=DEFAULT_PAGE, most=LARGEST_PAGE)
    reading = reader.read(OWN_RIGHT, None, asking.ssin)
    return OwnInquiry(begins, ends, page, None if request.page_token else reading)


def decode_use(kept: Kept) -> tuple[Use, Sequence[str]]:
    """What a kept record says of a use, and the organizations that it names."""
    record = form.message(kept)
    said = _said(record)
    use = Use(
        kept,
        kept.ticket,
        said.stage,
        record.legal_context,
        record.occurred_at.ToDatetime(UTC),
        telling.result_of(said) is not Result.BEGUN,
    )
    sources = *telling.gave(said), *telling.asked_in_vain(said)
    return use, [number for number in (record.customer_cbe_number, *sources) if number]


def encode_list_my_consultations_response(
    uses: OwnUses, reader: Reader
) -> pb.ListMyConsultationsResponse:
    """A citizen's page."""
    return pb.ListMyConsultationsResponse(
        consultations=[_consultation(one, uses) for one in uses.shown],
        next_page_token=reader.token(uses.after),
    )


def _consultation(shown: Shown, uses: OwnUses) -> pb.Consultation:
    record = form.message(shown.use.kept)
    said, in_words = _said(record), words()

    def named(number: str) -> pb.NamedOrganization:
        return pb.NamedOrganization(cbe_number=number, name=uses.names.get(number, ""))

    customer = record.customer_cbe_number
    return pb.Consultation(
        record_id=record.record_id,
        ticket_cbss=record.ticket_cbss,
        occurred_at=record.occurred_at,
        step=encode_words(in_words.step(telling.deed_of(said), telling.result_of(said))),
        customer=named(customer) if customer else None,
        sources=map(named, telling.gave(said)),
        asked_in_vain=map(named, telling.asked_in_vain(said)),
        data_contract=record.data_contract,
        data=encode_words(contract_words(record.data_contract)) if record.data_contract else None,
        legal_context=record.legal_context,
        deliberation_number=record.deliberation_number,
        deliberation_url=in_words.deliberation(record.deliberation_number),
        proof=None
        if shown.proof is None
        else proofs.encode_get_inclusion_proof_response(shown.proof),
        asker=_asker(record),
    )


def _said(record: record_pb.ExchangeRecord) -> Said:
    return Said(
        record.rpc,
        Stage(record.stage),
        record.verdict == record_pb.VERDICT_PERMIT,
        record.reason,
        _status(record.status_value),
        tuple(
            Leg(leg.supplier_cbe_number, _status(leg.status_value), leg.status_code)
            for leg in record.sources
        ),
    )


def _status(value: int) -> StatusValue | None:
    return StatusValue(value) if value else None


def _asker(record: record_pb.ExchangeRecord) -> pb.Asker:
    if record.customer_cbe_number:
        return pb.ASKER_ORGANIZATION
    if record.stage == record_pb.EXCHANGE_STAGE_REFUSAL:
        return pb.ASKER_UNKNOWN
    # Operators write their own reason, so that their name decides first.
    own = record.reading_reason == OWN_RIGHT and not record.operator
    return pb.ASKER_PERSON if own else pb.ASKER_MESH


def _instant(request: pb.ListMyConsultationsRequest, field: str, otherwise: datetime) -> datetime:
    if not request.HasField(field):
        return otherwise
    told_at = getattr(request, field)
    if not form.is_instant(told_at):
        raise invalid(field, "must be an instant from 1970 to 2262")
    at: datetime = told_at.ToDatetime(UTC)
    return at
