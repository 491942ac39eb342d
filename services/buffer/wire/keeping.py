"""Pages of what is kept beyond what may be."""

from cbss.buffer.v1 import buffer_service_pb2 as pb

from services.buffer.model import Looked
from services.concepts.ssin import Ssin
from services.kit.caller import Caller
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens, page_size

DEFAULT_PAGE, LARGEST_PAGE = 2000, 5000
_QUERY = b"CheckKept"


def decode_most(request: pb.CheckKeptRequest) -> int:
    """How many persons are looked at."""
    return page_size(request.page_size, default=DEFAULT_PAGE, most=LARGEST_PAGE)


def decode_after(tokens: PageTokens, request: pb.CheckKeptRequest, caller: Caller) -> Ssin | None:
    """After whom the page begins; nobody for the first page."""
    if not request.page_token:
        return None
    match tokens.position(request.page_token, caller=caller.workload, query=_QUERY):
        case [int(number)]:
            return Ssin(number)
    raise PageTokenInvalid


def encode_check_kept(
    tokens: PageTokens, caller: Caller, looked: Looked, most: int
) -> pb.CheckKeptResponse:
    """The counts of a page. Whom it ended with is sealed in the token."""
    response = pb.CheckKeptResponse(
        persons_count=len(looked.persons),
        expired_count=looked.expired,
        strangers_count=len(looked.strangers),
    )
    if len(looked.persons) == most:
        last = [looked.persons[-1].number]
        response.next_page_token = tokens.token(last, caller=caller.workload, query=_QUERY)
    return response
