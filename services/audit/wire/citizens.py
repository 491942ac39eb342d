"""Citizens' questions about themselves, and what they are told."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.citizens import words
from services.audit.model import Kept, OwnInquiry, OwnUses, Shown, Stage, Use
from services.audit.wire import kept as form
from services.audit.wire import proofs
from services.audit.wire.inquiries import Reader
from services.concepts.citizen import OWN_RIGHT, Citizen
from services.concepts.failures import invalid
from services.wire.citizens import worded

DEFAULT_PAGE, LARGEST_PAGE = 20, 100
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC), datetime(2262, 1, 1, tzinfo=UTC)


def inquiry(request: pb.ListMyConsultationsRequest, reader: Reader, asking: Citizen) -> OwnInquiry:
    """A citizen's question."""
    begins = _instant(request, "occurred_from", _ALWAYS[0])
    ends = _instant(request, "occurred_until", _ALWAYS[1])
    if begins >= ends:
        raise invalid("occurred_until", "must be after occurred_from")
    page = reader.page(request, default=DEFAULT_PAGE, most=LARGEST_PAGE)
    ssin = "" if asking.ssin is None else asking.ssin.digits
    reading = reader.read(OWN_RIGHT, "ListMyConsultations", "", ssin)
    return OwnInquiry(begins, ends, page, None if request.page_token else reading)


def told(kept: Kept) -> tuple[Use, Sequence[str]]:
    """What a kept record says of a use, and the organizations that it names."""
    record = form.whole(kept)
    use = Use(
        kept,
        kept.ticket,
        Stage(record.stage),
        record.legal_context,
        record.occurred_at.ToDatetime(UTC),
    )
    sources = [leg.supplier_cbe_number for leg in record.sources]
    return use, [number for number in (record.customer_cbe_number, *sources) if number]


def listed(uses: OwnUses, reader: Reader) -> pb.ListMyConsultationsResponse:
    """A citizen's page."""
    return pb.ListMyConsultationsResponse(
        consultations=[_consultation(one, uses) for one in uses.shown],
        next_page_token=reader.token(uses.after),
    )


def _consultation(shown: Shown, uses: OwnUses) -> pb.Consultation:
    record = form.whole(shown.use.kept)
    said = words()

    def named(number: str) -> pb.NamedOrganization:
        return pb.NamedOrganization(cbe_number=number, name=uses.names.get(number, ""))

    customer = record.customer_cbe_number
    return pb.Consultation(
        record_id=record.record_id,
        ticket_cbss=record.ticket_cbss,
        occurred_at=record.occurred_at,
        step=worded(said.step(shown.use.stage)),
        customer=named(customer) if customer else None,
        sources=[named(leg.supplier_cbe_number) for leg in record.sources],
        data_contract=record.data_contract,
        data=worded(said.contract(record.data_contract)) if record.data_contract else None,
        legal_context=record.legal_context,
        deliberation_number=record.deliberation_number,
        deliberation_url=said.deliberation(record.deliberation_number),
        proof=None if shown.proof is None else proofs.inclusion(shown.proof),
        asker=_asker(record),
    )


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
