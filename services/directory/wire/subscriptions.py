"""Subscriptions and events: requests become questions, what is found becomes answers."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import subscription_pb2

from services.admission.model import Call
from services.concepts.data_contract import parse_contract_name
from services.concepts.failures import invalid
from services.concepts.ssin import parse_ssin
from services.concepts.status import Status
from services.directory.model import (
    Asked,
    DeliveryMode,
    Distribution,
    Ending,
    Event,
    Subscribing,
    Subscription,
    Told,
    Untold,
    Wish,
)
from services.directory.wire import calls
from services.kit.caller import Caller
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens
from services.wire import values

MOST_EVENTS = 1000
MOST_QUALITIES = 32
MOST_FIELDS = 256
LONGEST_REASON = 256
NO_AUTHORIZATION = "300010"
"""In the code list of the bank's return codes."""
_EVENT_TYPE = re.compile(r"[A-Z0-9_]{0,64}")
_PATH = re.compile(r"[a-z0-9_.]{1,256}")


def decode_subscribing(request: pb.SubscribeRequest) -> Subscribing:
    """The subscription that a request asks for."""
    asked = calls.decode_asked(request.information_customer, request.legal_context)
    return Subscribing(asked, _wish(request.wish))


def decode_asked_on(request: pb.LocateSubscribersRequest, today: date) -> date:
    """The day on which it is asked who is to be told."""
    return values.decode_day(request.day, "day") if request.HasField("day") else today


def decode_ending(request: pb.UnsubscribeRequest, today: date) -> Ending:
    """The end of a subscription that a request asks for."""
    told = request.last_day if request.HasField("last_day") else None
    return Ending(
        calls.decode_asked(request.information_customer, request.legal_context),
        _key(request.subscription_id),
        today if told is None else values.decode_day(told, "last_day"),
    )


def decode_listing(request: pb.ListSubscriptionsRequest) -> Asked:
    """Whose subscriptions are asked."""
    return calls.decode_asked(request.information_customer, request.legal_context)


def _wish(told: subscription_pb2.SubscriptionWish) -> Wish:
    if not 1 <= len(told.quality_codes) <= MOST_QUALITIES:
        raise invalid("wish.quality_codes", f"must be 1 to {MOST_QUALITIES}")
    if len(told.fields) > MOST_FIELDS or not all(map(_PATH.fullmatch, told.fields)):
        raise invalid("wish.fields", f"must be at most {MOST_FIELDS} paths of fields")
    if told.minimum_phase > 99:
        raise invalid("wish.minimum_phase", "must be 0 to 99")
    try:
        mode = DeliveryMode(told.mode)
    except ValueError:
        raise invalid("wish.mode", "must be one of the modes") from None
    fields = "wish.data_contract", "wish.contract_version"
    codes = {
        calls.decode_quality(code, f"wish.quality_codes[{n}]")
        for n, code in enumerate(told.quality_codes)
    }
    return Wish(
        parse_contract_name(told.data_contract, told.contract_version, fields=fields),
        _event_type(told.event_type, "wish.event_type"),
        tuple(sorted(codes)),
        told.minimum_phase,
        tuple(dict.fromkeys(told.fields)),
        mode,
        values.decode_period(told.period, "wish.period"),
    )


def decode_events(request: pb.LocateSubscribersRequest) -> list[Event]:
    """The events in order."""
    if not 1 <= len(request.events) <= MOST_EVENTS:
        raise invalid("events", f"must be 1 to {MOST_EVENTS}")
    return [_event(told, f"events[{n}].") for n, told in enumerate(request.events)]


def decode_preview(request: pb.PreviewSubscribersRequest) -> tuple[Event, str]:
    """The event that is asked about, and why."""
    reason = values.decode_text(request.reason, "reason", LONGEST_REASON, shortest=1)
    return _event(request.event, "event."), reason


def _event(told: subscription_pb2.PersonEvent, path: str) -> Event:
    contract = path + "data_contract", path + "contract_version"
    return Event(
        parse_ssin(told.ssin, field=path + "ssin"),
        parse_contract_name(told.data_contract, told.contract_version, fields=contract),
        _event_type(told.event_type, path + "event_type"),
    )


def _event_type(text: str, path: str) -> str:
    if _EVENT_TYPE.fullmatch(text) is None:
        raise invalid(path, "must be at most 64 capitals, digits or `_`")
    return text


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise invalid("subscription_id", "must be a UUID") from None


def decode_position(
    tokens: PageTokens, request: pb.ListSubscriptionsRequest, caller: Caller
) -> UUID | None:
    """After which subscription the page begins; nothing for the first page."""
    if not request.page_token:
        return None
    match tokens.position(request.page_token, caller=_who(caller), query=_query(request)):
        case [str(key)]:
            return UUID(key)
    raise PageTokenInvalid()


def encode_list_subscriptions_response(
    tokens: PageTokens,
    request: pb.ListSubscriptionsRequest,
    caller: Caller,
    page: tuple[Sequence[Subscription], UUID | None],
) -> pb.ListSubscriptionsResponse:
    """A page of subscriptions."""
    found, last = page
    next_page = (
        tokens.token([str(last)], caller=_who(caller), query=_query(request)) if last else ""
    )
    return pb.ListSubscriptionsResponse(
        subscriptions=map(encode_subscription, found), next_page_token=next_page
    )


def _who(caller: Caller) -> str:
    return caller.client.certificate_sha256 if caller.client is not None else ""


def _query(request: pb.ListSubscriptionsRequest) -> bytes:
    customer: bytes = request.information_customer.customer_identification.SerializeToString(
        deterministic=True
    )
    return b"subscriptions" + customer


def encode_subscribe_response(
    call: Call, outcome: tuple[Status, Subscription | None]
) -> pb.SubscribeResponse:
    """The answer to a subscription."""
    status, given = outcome
    return pb.SubscribeResponse(
        ticket_cbss=str(call.ticket),
        status=values.encode_status(status),
        subscription=None if given is None else encode_subscription(given),
    )


def encode_subscription(given: Subscription) -> subscription_pb2.Subscription:
    """A subscription as it travels."""
    wish = given.wish
    return subscription_pb2.Subscription(
        subscription_id=str(given.key),
        cbe_number=given.subscriber.digits,
        legal_context=given.legal_context,
        wish=subscription_pb2.SubscriptionWish(
            data_contract=wish.contract.code,
            contract_version=wish.contract.version,
            event_type=wish.event_type,
            quality_codes=[f"{code:03d}" for code in wish.quality_codes],
            minimum_phase=wish.minimum_phase,
            fields=wish.fields,
            mode=f"DELIVERY_MODE_{wish.mode.name}",
            period=values.encode_period(wish.period),
        ),
        deliberation_number=given.deliberation.number,
        deliberation_version=given.deliberation.version,
    )


def encode_locate_subscribers_response(
    found: Iterable[Distribution],
) -> pb.LocateSubscribersResponse:
    """Who is to be told of events, and who is not."""
    return pb.LocateSubscribersResponse(
        results=[
            pb.LocatedSubscribers(
                subscribers=map(_told, one.told), refused=map(_untold, one.untold)
            )
            for one in found
        ]
    )


def encode_preview_subscribers_response(
    call: Call, found: Sequence[Told]
) -> pb.PreviewSubscribersResponse:
    """Who would be told of an event."""
    return pb.PreviewSubscribersResponse(
        ticket_cbss=str(call.ticket), subscribers=map(_told, found)
    )


def _untold(one: Untold) -> subscription_pb2.RefusedSubscriber:
    return subscription_pb2.RefusedSubscriber(
        cbe_number=one.subscriber.digits,
        quality_codes=[f"{code:03d}" for code in one.quality_codes],
        refusal_code=NO_AUTHORIZATION,
    )


def _told(one: Told) -> subscription_pb2.LocatedSubscriber:
    return subscription_pb2.LocatedSubscriber(
        subscription=encode_subscription(one.subscription),
        quality_codes=[f"{code:03d}" for code in one.quality_codes],
        granted_fields=one.fields,
    )
