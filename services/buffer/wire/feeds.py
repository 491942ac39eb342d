"""Pages of feeds."""

from collections.abc import Sequence

from cbss.buffer.v1 import buffer_service_pb2 as pb

from services.buffer.model import Feed, FeedKey
from services.concepts.organization import SectorInstitution
from services.kit.caller import Caller
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens, page_size
from services.wire import values

DEFAULT_PAGE, LARGEST_PAGE = 50, 200
_QUERY = b"ListFeeds"


def decode_page_size(request: pb.ListFeedsRequest | pb.ListMyFactsRequest) -> int:
    """How many rows the page has."""
    return page_size(request.page_size, default=DEFAULT_PAGE, most=LARGEST_PAGE)


def decode_position(
    tokens: PageTokens, request: pb.ListFeedsRequest, caller: Caller
) -> FeedKey | None:
    """After which feed the page begins; nothing for the first page."""
    if not request.page_token:
        return None
    match tokens.position(request.page_token, caller=caller.workload, query=_QUERY):
        case [int(sector), int(institution), str(fact_type)]:
            return FeedKey(SectorInstitution(sector, institution), fact_type)
    raise PageTokenInvalid


def encode_list_feeds(
    tokens: PageTokens, caller: Caller, page: tuple[Sequence[Feed], FeedKey | None]
) -> pb.ListFeedsResponse:
    """A page of feeds."""
    feeds, last = page
    response = pb.ListFeedsResponse(feeds=map(_feed, feeds))
    if last is not None:
        place = last.supplier
        response.next_page_token = tokens.token(
            [place.sector, place.institution, last.fact_type], caller=caller.workload, query=_QUERY
        )
    return response


def _feed(feed: Feed) -> pb.Feed:
    return pb.Feed(
        supplier=values.encode_organization(feed.key.supplier),
        fact_type=feed.key.fact_type,
        facts=feed.facts,
        as_of=values.encode_instant(feed.as_of),
    )
