"""Registering, unregistering and listing: requests become questions, outcomes become answers."""

from collections.abc import Iterable

from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import registration_pb2

from services.admission.wire import encode_information_cbss
from services.concepts.card_number import parse_card_number
from services.concepts.failures import invalid
from services.concepts.incomplete_date import parse_incomplete_date
from services.concepts.organization import HIGHEST_CODE
from services.directory.model import (
    Listing,
    Outcome,
    Proof,
    Register,
    Registered,
    Registering,
    Unregistering,
)
from services.directory.wire import calls
from services.wire import values

HIGHEST_PHASE = 99
LONGEST_NAME = 48


def decode_registering(request: pb.RegisterPersonRequest) -> Registering:
    """The registration that a request asks for."""
    begin, end = values.decode_days(request.period, "period")
    if request.phase > HIGHEST_PHASE:
        raise invalid("phase", "must be 0 to 99")
    return Registering(
        calls.decode_asked(request.information_customer, request.legal_context, request.ssin),
        _register(request.register),
        calls.decode_quality(request.quality_code),
        request.phase,
        begin,
        end,
        _proof(request.proof),
    )


def decode_unregistering(request: pb.UnregisterPersonRequest) -> Unregistering:
    """The end of a registration that a request asks for."""
    begin, end = values.decode_days(request.period, "period")
    if end is None:
        raise invalid("period.end_date", "must be a complete day")
    return Unregistering(
        calls.decode_asked(request.information_customer, request.legal_context, request.ssin),
        _register(request.register),
        calls.decode_quality(request.quality_code),
        begin,
        end,
    )


def decode_listing(request: pb.ListRegistrationsRequest) -> Listing:
    """The registrations that a request asks for."""
    if request.sector > HIGHEST_CODE:
        raise invalid("sector", "must be 0 to 999")
    known_at = request.known_at if request.HasField("known_at") else None
    return Listing(
        calls.decode_asked(request.information_customer, request.legal_context, request.ssin),
        _register(request.register),
        request.sector if request.HasField("sector") else None,
        values.decode_day(request.as_of, "as_of") if request.HasField("as_of") else None,
        None if known_at is None else values.decode_instant(known_at, "known_at"),
    )


def _register(told: int) -> Register:
    try:
        return Register(told)
    except ValueError:
        raise invalid("register", "must be one of the registers") from None


def _proof(told: registration_pb2.IdentityProof) -> Proof:
    born = told.birth_date if told.HasField("birth_date") else None
    return Proof(
        _card(told.card_number) if told.card_number else "",
        values.decode_text(told.last_name, "proof.last_name", LONGEST_NAME),
        values.decode_text(told.first_name, "proof.first_name", LONGEST_NAME),
        born
        and parse_incomplete_date(
            f"{born.year:04d}-{born.month:02d}-{born.day:02d}", field="proof.birth_date"
        ),
    )


def _card(text: str) -> str:
    return parse_card_number(text, field="proof.card_number").digits


def encode_register_person_response(
    request: pb.RegisterPersonRequest, outcome: Outcome
) -> pb.RegisterPersonResponse:
    """The answer to a registration."""
    return pb.RegisterPersonResponse(
        request=request,
        information_cbss=encode_information_cbss(outcome.call, outcome.replied_at),
        status=values.encode_status(outcome.status),
        ssin=calls.encode_ssin_result(request.ssin, outcome.status),
        registrations=_registrations(outcome.registrations),
        overlapping=_registrations(outcome.overlapping),
    )


def encode_unregister_person_response(
    request: pb.UnregisterPersonRequest, outcome: Outcome
) -> pb.UnregisterPersonResponse:
    """The answer to the end of a registration."""
    return pb.UnregisterPersonResponse(
        request=request,
        information_cbss=encode_information_cbss(outcome.call, outcome.replied_at),
        status=values.encode_status(outcome.status),
        ssin=calls.encode_ssin_result(request.ssin, outcome.status),
        registrations=_registrations(outcome.registrations),
    )


def encode_list_registrations_response(
    request: pb.ListRegistrationsRequest, outcome: Outcome
) -> pb.ListRegistrationsResponse:
    """The registrations that were asked for."""
    return pb.ListRegistrationsResponse(
        request=request,
        information_cbss=encode_information_cbss(outcome.call, outcome.replied_at),
        status=values.encode_status(outcome.status),
        ssin=calls.encode_ssin_result(request.ssin, outcome.status),
        registrations=_registrations(outcome.registrations),
    )


def _registrations(told: Iterable[Registered]) -> Iterable[registration_pb2.Registration]:
    return [
        registration_pb2.Registration(
            register=f"REGISTER_{one.register.name}",
            cbe_number=one.organization.digits,
            quality_code=f"{one.dossier.quality_code:03d}",
            phase=one.dossier.phase,
            period=values.encode_period(one.dossier.period),
        )
        for one in told
    ]
