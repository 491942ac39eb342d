"""Lists of codes that lead back to persons."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from cbss.coding.v1 import reidentification_service_pb2 as pb

from services.admission.wire import encode_information_cbss
from services.coding.model import CODE_BYTES, Actor, CodeList, ListState
from services.coding.usecases.reidentifying import Told
from services.coding.wire.projects import (
    DEFAULT_PAGE,
    LARGEST_PAGE,
    decode_id,
    decode_project_id,
)
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import invalid
from services.concepts.legal_context import parse_legal_context
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens, page_size
from services.wire import values

MOST_CODES = 10_000
LONGEST_REMARK = 500
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


def decode_list_id(told: str) -> UUID:
    """The identification of a list."""
    return decode_id(told, "reidentification_id")


def decode_wanted(request: pb.RequestReidentificationRequest, actor: Actor) -> CodeList:
    """The list that is asked for."""
    return CodeList(
        decode_list_id(request.reidentification_id),
        decode_project_id(request.project_id),
        parse_legal_context(request.ground, field="ground"),
        parse_enterprise_number(request.source_cbe_number, field="source_cbe_number"),
        values.decode_text(request.remark, "remark", LONGEST_REMARK, shortest=1),
        len(request.codes),
        b"",
        ListState.REQUESTED,
        actor,
        _UNDATED,
    )


def decode_codes(told: Sequence[bytes]) -> list[bytes]:
    """The codes of a list."""
    if not 1 <= len(told) <= MOST_CODES:
        raise invalid("codes", f"must be 1 to {MOST_CODES}")
    for n, code in enumerate(told):
        if len(code) != CODE_BYTES:
            raise invalid(f"codes[{n}]", f"must be {CODE_BYTES} bytes")
    if len(set(told)) < len(told):
        raise invalid("codes", "must be different")
    return list(told)


def decode_list_position(
    tokens: PageTokens, request: pb.ListReidentificationsRequest, caller: Caller
) -> tuple[UUID, int, int]:
    """Of which project, after which list the page begins, and how many it has."""
    project_id = decode_project_id(request.project_id)
    most = page_size(request.page_size, default=DEFAULT_PAGE, most=LARGEST_PAGE)
    if not request.page_token:
        return project_id, 0, most
    (after,) = tokens.position(
        request.page_token, caller=caller.operator, query=b"lists" + project_id.bytes
    )
    if not isinstance(after, int):
        raise PageTokenInvalid
    return project_id, after, most


def encode_lists(
    tokens: PageTokens, caller: Caller, found: Sequence[CodeList], most: int
) -> pb.ListReidentificationsResponse:
    """A page of lists."""
    token = ""
    if len(found) == most:
        query = b"lists" + found[-1].project_id.bytes
        token = tokens.token([found[-1].sequence], caller=caller.operator, query=query)
    return pb.ListReidentificationsResponse(
        reidentifications=map(encode_list, found), next_page_token=token
    )


def encode_list(one: CodeList) -> pb.Reidentification:
    """A list, without its codes and without who acted on it."""
    decided, ended = one.decided_at, one.ended_at
    return pb.Reidentification(
        reidentification_id=str(one.list_id),
        project_id=str(one.project_id),
        ground=one.ground,
        source_cbe_number=one.source.digits,
        code_count=one.code_count,
        remark=one.remark,
        state=f"REIDENTIFICATION_STATE_{one.state.name}",
        requested_at=values.encode_instant(one.requested_at),
        decided_at=None if decided is None else values.encode_instant(decided),
        ended_at=None if ended is None else values.encode_instant(ended),
    )


def encode_told(told: Told, clock: Clock) -> pb.GetReidentifiedUnitsResponse:
    """Who is meant."""
    return pb.GetReidentifiedUnitsResponse(
        information_cbss=encode_information_cbss(told.call, clock()),
        status=values.encode_status(told.status),
        meant=told.meant,
    )
