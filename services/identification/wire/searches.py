"""Searches and verifications on the wire."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from cbss.common.v1 import data_filters_pb2
from cbss.identification.v1 import search_pb2

from services.concepts.card_number import parse_card_number
from services.concepts.failures import InvalidArgument, invalid
from services.concepts.ssin import parse_ssin
from services.identification.model.calls import Unreadable
from services.identification.model.persons import IdentityProof
from services.identification.model.searches import (
    AddressCriteria,
    Candidate,
    Phonetic,
    Search,
)
from services.identification.model.sources import Checked, Inquiry
from services.identification.usecases.searching import Searched, Verified
from services.identification.wire import particulars, persons
from services.identification.wire.reasons import decode_refusal, encode_reasons
from services.kit.clock import belgian_day
from services.wire import values
from services.wire.head import decode_head

USUAL_MAXIMUM = 20
MOST_PROOFS = 1000
LONGEST_NAME = 48


def decode_search(request: search_pb2.SearchPersonsRequest) -> Search | Unreadable:
    """What is looked for."""
    try:
        ssin = parse_ssin(request.ssin) if request.ssin else None
        phonetic = _phonetic(request.phonetic) if request.HasField("phonetic") else None
    except InvalidArgument as wrong:
        return decode_refusal(wrong)
    address = None
    if request.HasField("address"):
        asked = request.address
        address = AddressCriteria(
            asked.country_code,
            asked.postal_code,
            asked.street_name,
            asked.house_number,
            asked.box,
        )
    return Search(ssin, phonetic, address, request.maximum or USUAL_MAXIMUM)


def _phonetic(asked: search_pb2.PhoneticCriteria) -> Phonetic:
    return Phonetic(
        asked.last_name,
        asked.first_name,
        asked.middle_name,
        particulars.decode_incomplete_date(asked.birth_date, field="phonetic.birth_date"),
        asked.tolerance if asked.HasField("tolerance") else None,
        particulars.decode_sex(asked.gender, field="phonetic.gender"),
    )


def encode_search(
    request: search_pb2.SearchPersonsRequest, head: dict[str, Any], ended: Searched
) -> search_pb2.SearchPersonsResponse:
    """The answer to a search."""
    return search_pb2.SearchPersonsResponse(
        **head,
        legal_context=request.legal_context,
        reasons=encode_reasons(ended.reasons),
        candidates=[encode_candidate(one, ended.cut) for one in ended.found.candidates],
        more_exist=ended.found.more_exist,
        data_filters=encode_filters(ended.cut),
    )


def encode_candidate(one: Candidate, cut: Sequence[str] = ()) -> search_pb2.PersonCandidate:
    """Who may be meant, without what is cut."""
    bearer = one.identity
    message = search_pb2.PersonCandidate(
        ssin=bearer.ssin.digits,
        last_name=bearer.last_name,
        first_names=bearer.first_names,
        birth_date=values.encode_day(bearer.birth),
        sex=particulars.encode_sex(bearer.sex),
        score=one.score,
        register=bearer.register.name,
        replaces="" if one.replaces is None else one.replaces.digits,
        origin=f"ORIGIN_{bearer.register.origin.name}",
    )
    # The register tells where a datum comes from: who may not see the one is not told the other.
    for field in (*cut, *(["origin"] if "register" in cut else [])):
        message.ClearField(field)
    return message


def encode_filters(cut: Iterable[str]) -> data_filters_pb2.DataFilters | None:
    """What was cut; nothing if nothing was."""
    elements = sorted(cut)
    return data_filters_pb2.DataFilters(filtered_elements=elements) if elements else None


def decode_proof(shown: search_pb2.IdentityProof) -> IdentityProof | Unreadable:
    """What is shown of an identity."""
    try:
        for name in ("last_name", "first_name"):
            if len(getattr(shown, name)) > LONGEST_NAME:
                most = f"must be at most {LONGEST_NAME} characters"
                raise invalid(f"proof.{name}", most)
        card = shown.card_number
        return IdentityProof(
            parse_ssin(shown.ssin, field="proof.ssin"),
            parse_card_number(card, field="proof.card_number") if card else None,
            shown.last_name,
            shown.first_name,
            particulars.decode_incomplete_date(shown.birth_date, field="proof.birth_date"),
        )
    except InvalidArgument as wrong:
        return decode_refusal(wrong)


def decode_checks(
    request: search_pb2.CheckIdentitiesRequest,
) -> list[tuple[Inquiry, IdentityProof | Unreadable]]:
    """The proofs in order, each with the call that it came with: they come from many callers, and
    one that cannot be read is one."""
    if not 1 <= len(request.proofs) <= MOST_PROOFS:
        raise invalid("proofs", f"must be 1 to {MOST_PROOFS}")
    if len(request.inquiries) != len(request.proofs):
        raise invalid("inquiries", "must be as many as proofs")
    inquiries = (_inquiry(one, f"inquiries[{at}]") for at, one in enumerate(request.inquiries))
    return [*zip(inquiries, map(decode_proof, request.proofs), strict=True)]


def _inquiry(told: search_pb2.Inquiry, path: str) -> Inquiry:
    cbss, information = f"{path}.information_cbss", told.information_cbss
    received_at = values.decode_instant(information.received_at, f"{cbss}.received_at")
    return Inquiry(
        _ticket(information.ticket_cbss, f"{cbss}.ticket_cbss"),
        received_at,
        belgian_day(received_at),
        decode_head(told.information_customer, told.legal_context),
    )


def _ticket(text: str, path: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise invalid(path, "must be a UUID") from None


def encode_checked_identities(results: Iterable[Checked]) -> search_pb2.CheckIdentitiesResponse:
    """What comes of the proofs."""
    return search_pb2.CheckIdentitiesResponse(
        results=[
            search_pb2.CheckedIdentity(
                verified=not one.differing,
                differing_fields=one.differing,
                national_register=None
                if one.register is None
                else values.encode_status(one.register),
            )
            for one in results
        ]
    )


def encode_verification(
    request: search_pb2.VerifyPersonRequest, head: dict[str, Any], ended: Verified
) -> search_pb2.VerifyPersonResponse:
    """The answer to a verification."""
    return search_pb2.VerifyPersonResponse(
        **head,
        legal_context=request.legal_context,
        reasons=encode_reasons(ended.reasons),
        verified=ended.verified,
        differing_fields=ended.differing,
        extended=persons.encode_person(ended.extended) if ended.extended else None,
        data_filters=encode_filters(ended.cut),
    )
