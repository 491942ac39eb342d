"""What is or was known of persons, on the wire."""

from collections.abc import Iterable

from cbss.identification.v1 import history_pb2

from services.admission.model import Call
from services.concepts.ssin import parse_ssin
from services.identification.model.persons import Version
from services.identification.usecases.histories import Inquiry
from services.identification.wire import persons
from services.wire import values

SHORTEST_REASON, LONGEST_REASON = 3, 256


def decode_inquiry(request: history_pb2.ListPersonVersionsRequest, call: Call) -> Inquiry:
    """What an operator asks; fails naming the field that cannot be used."""
    reason = request.reason.strip()
    values.decode_text(reason, "reason", LONGEST_REASON, shortest=SHORTEST_REASON)
    return Inquiry(
        call,
        parse_ssin(request.ssin),
        reason,
        values.decode_instant(request.known_at, "known_at")
        if request.HasField("known_at")
        else None,
        values.decode_day(request.true_on, "true_on") if request.HasField("true_on") else None,
    )


def encode_list_person_versions(
    versions: Iterable[Version], more_exist: bool
) -> history_pb2.ListPersonVersionsResponse:
    """The answer."""
    return history_pb2.ListPersonVersionsResponse(
        versions=map(encode_version, versions), more_exist=more_exist
    )


def encode_version(one: Version) -> history_pb2.PersonVersion:
    """One group as it was known."""
    begin, end, until = one.given.valid_from, one.valid_until, one.known_until
    return history_pb2.PersonVersion(
        group=f"LEGAL_PERSON_DATA_GROUP_{one.given.group.name}",
        data=persons.encode_person([one]),
        valid_from=None if begin is None else values.encode_day(begin),
        valid_until=None if end is None else values.encode_day(end),
        known_from=values.encode_instant(one.known_from),
        known_until=None if until is None else values.encode_instant(until),
        origin=f"ORIGIN_{one.origin.name}",
        proof_level=f"PROOF_LEVEL_{one.proof.name}",
    )
