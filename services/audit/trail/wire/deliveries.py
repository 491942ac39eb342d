"""What kept records say of data that went out."""

from datetime import UTC

from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.common.v1 import status_pb2

from services.audit.trail import form
from services.audit.trail.model import Kept, Stage
from services.audit.trail.model.deliveries import Delivery

_WITH_DATA = frozenset(
    {
        status_pb2.STATUS_VALUE_DATA_FOUND,
        status_pb2.STATUS_VALUE_INCOMPLETE_DATA,
        status_pb2.STATUS_VALUE_PARTIAL_RESULT,
        status_pb2.STATUS_VALUE_RESPONSE_IN_BATCH,
    }
)
_ENDED_WITH_DATA = {
    Stage.OUTCOME.value: _WITH_DATA,
    Stage.LINE.value: _WITH_DATA,
    # Who registers somebody is shown those who may be the same.
    Stage.ACT.value: _WITH_DATA,
    # What was sent unasked answers nothing, and may have no status.
    Stage.PUSH.value: _WITH_DATA | {status_pb2.STATUS_VALUE_UNSPECIFIED},
}
"""With which status data went out, by what is recorded: an answer, one of a batch, what an act
brought to light, a notice."""


def decode_delivery(kept: Kept) -> Delivery | None:
    """What a kept record says of data that went out; nothing if none did."""
    record = form.message(kept)
    ended_with_data = _ENDED_WITH_DATA.get(record.stage, frozenset())
    if record.verdict != record_pb.VERDICT_PERMIT or record.status_value not in ended_with_data:
        return None
    recipients = (
        record.customer_cbe_number,
        record.caller_cbe_number,
        record.final_recipient_cbe_number,
    )
    return Delivery(
        record.data_contract,
        record.legal_context,
        record.occurred_at.ToDatetime(UTC),
        frozenset(
            leg.supplier_cbe_number for leg in record.sources if leg.status_value in ended_with_data
        ),
        frozenset(filter(None, recipients)),
        tuple(record.filtered_elements),
    )
