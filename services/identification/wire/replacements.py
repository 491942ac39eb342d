"""The feed of replacements on the wire."""

from collections.abc import Iterable

from cbss.identification.v1 import identification_service_pb2 as pb
from cbss.identification.v1 import replacement_pb2

from services.concepts.failures import invalid
from services.identification.model.replacements import Replacement
from services.kit.paging import page_size
from services.wire.values import encode_instant

USUAL = 500
MOST = 1000


def decode_page(request: pb.ListReplacementsRequest) -> tuple[int, int]:
    """After which sequence, and how many."""
    if request.after_sequence < 0:
        raise invalid("after_sequence", "must not be negative")
    return request.after_sequence, page_size(request.page_size, default=USUAL, most=MOST)


def encode_list_replacements(replacements: Iterable[Replacement]) -> pb.ListReplacementsResponse:
    """The page."""
    return pb.ListReplacementsResponse(replacements=map(_replacement, replacements))


def _replacement(one: Replacement) -> replacement_pb2.Replacement:
    return replacement_pb2.Replacement(
        sequence=one.sequence,
        event_id=str(one.event_id),
        ssin=one.ssin.digits,
        replaced_by=one.replaced_by.digits,
        occurred_at=encode_instant(one.occurred_at),
    )
