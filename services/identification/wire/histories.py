"""What is or was known of persons, on the wire."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from cbss.identification.v1 import history_pb2

from services.concepts.failures import invalid
from services.concepts.ssin import parse_ssin
from services.identification.model.persons import Version
from services.identification.usecases.histories import Inquiry
from services.identification.wire import persons, values
from services.kit import caller, trace

SHORTEST_REASON, LONGEST_REASON = 3, 256


def inquiry(
    request: history_pb2.ListPersonVersionsRequest, ticket: UUID, now: Callable[[], datetime]
) -> Inquiry:
    """What an operator asks; fails naming the field that cannot be used."""
    reason = request.reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise invalid("reason", f"must be {SHORTEST_REASON} to {LONGEST_REASON} characters")
    return Inquiry(
        ticket,
        now(),
        parse_ssin(request.ssin),
        reason,
        caller.current().operator,
        trace.trace_id(),
        _instant(request),
        _day(request),
    )


def _instant(request: history_pb2.ListPersonVersionsRequest) -> datetime | None:
    if not request.HasField("known_at"):
        return None
    try:
        asked: datetime = request.known_at.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise invalid("known_at", "must be an instant") from None
    return asked


def _day(request: history_pb2.ListPersonVersionsRequest) -> date | None:
    if not request.HasField("true_on"):
        return None
    try:
        return date(request.true_on.year, request.true_on.month, request.true_on.day)
    except ValueError:
        raise invalid("true_on", "must be a calendar day") from None


def listed(versions: Iterable[Version], more_exist: bool) -> history_pb2.ListPersonVersionsResponse:
    """The answer."""
    return history_pb2.ListPersonVersionsResponse(
        versions=map(_version, versions), more_exist=more_exist
    )


def _version(one: Version) -> history_pb2.PersonVersion:
    begin, end, until = one.given.valid_from, one.valid_until, one.known_until
    return history_pb2.PersonVersion(
        group=f"LEGAL_PERSON_DATA_GROUP_{one.given.group.name}",
        data=persons.message([one]),
        valid_from=None if begin is None else values.date_message(begin),
        valid_until=None if end is None else values.date_message(end),
        known_from=values.instant(one.known_from),
        known_until=None if until is None else values.instant(until),
        origin=f"ORIGIN_{one.origin.name}",
        proof_level=f"PROOF_LEVEL_{one.proof.name}",
    )
