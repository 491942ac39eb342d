"""Creations, updates and replacements on the wire."""

import hashlib
from typing import Any
from uuid import UUID

from cbss.identification.v1 import bis_pb2

from services.concepts.failures import InvalidArgument, invalid
from services.concepts.ssin import Ssin, parse_ssin
from services.identification.model.calls import Unreadable
from services.identification.model.persons import Group, Proof
from services.identification.model.registering import Change
from services.identification.rules.creation import Described
from services.identification.usecases.changes import (
    Created,
    Creating,
    Replaced,
    Updated,
    Updating,
)
from services.identification.wire import particulars, persons, searches
from services.identification.wire.reasons import decode_refusal

LONGEST_TOKEN = 4096


def decode_creation(request: bis_pb2.CreateBisPersonRequest) -> Creating | Unreadable:
    """The creation that a request asks for."""
    if len(request.duplicates_token) > LONGEST_TOKEN:
        raise invalid("duplicates_token", f"must be at most {LONGEST_TOKEN} characters")
    try:
        request_id = UUID(request.request_id)
    except ValueError:
        raise invalid("request_id", "must be a UUID") from None
    try:
        person, proof = request.person, _proof(request.proof_level)
        described = Described(
            person.name.last_name,
            tuple(person.name.first_names),
            particulars.decode_incomplete_date(person.birth.date, field="person.birth.date"),
            particulars.decode_sex(person.sex, field="person.sex"),
            persons.decode_groups(person),
        )
    except InvalidArgument as wrong:
        return decode_refusal(wrong)
    content = person.SerializeToString(deterministic=True) + bytes([proof.value])
    digest = hashlib.sha256(content).digest()
    return Creating(request_id, described, proof, digest, request.duplicates_token)


def _proof(level: int) -> Proof:
    try:
        return Proof(level)
    except ValueError:
        raise invalid("proof_level", "must be one of the list") from None


def encode_creation(
    request: bis_pb2.CreateBisPersonRequest, head: dict[str, Any], ended: Created
) -> bis_pb2.CreateBisPersonResponse:
    """The answer to a creation."""
    answer = bis_pb2.CreateBisPersonResponse(**head, legal_context=request.legal_context)
    if ended.ssin is not None:
        answer.created.ssin = ended.ssin.digits
    elif ended.duplicates:
        answer.possible_duplicates.candidates.extend(
            searches.encode_candidate(one, ended.cut) for one in ended.duplicates
        )
        answer.possible_duplicates.token = ended.token
    elif ended.anomalies:
        for one in ended.anomalies:
            answer.refused.anomalies.add(field_name=one.field, description=one.description)
    return answer


def decode_update(request: bis_pb2.UpdatePersonRequest) -> Updating | Unreadable:
    """The update that a request asks for."""
    try:
        groups = persons.decode_groups(request.person)
        if not groups:
            raise invalid("person", "must hold a group")
        named = {given.group: given for given in groups}
        if Group.NAME in named and not named[Group.NAME].content.get("last_name"):
            raise invalid("person.name.last_name", "is required with a name")
        return Updating(parse_ssin(request.ssin), groups, _proof(request.proof_level))
    except InvalidArgument as wrong:
        return decode_refusal(wrong)


def encode_update(
    request: bis_pb2.UpdatePersonRequest, head: dict[str, Any], ended: Updated
) -> bis_pb2.UpdatePersonResponse:
    """The answer to an update."""
    return bis_pb2.UpdatePersonResponse(
        **head,
        legal_context=request.legal_context,
        updates=[_update(change) for change in ended.changes],
    )


def _update(change: Change) -> bis_pb2.GroupUpdate:
    return bis_pb2.GroupUpdate(
        group=f"LEGAL_PERSON_DATA_GROUP_{change.group.name}",
        status=f"UPDATE_STATUS_{change.acceptance.name}",
        description=change.because,
    )


def decode_replacement(request: bis_pb2.ReplaceSsinRequest) -> tuple[Ssin, Ssin] | Unreadable:
    """The number to replace, and the one in its place."""
    try:
        return parse_ssin(request.ssin), parse_ssin(request.replaced_by, field="replaced_by")
    except InvalidArgument as wrong:
        return decode_refusal(wrong)


def encode_replacement(
    request: bis_pb2.ReplaceSsinRequest, head: dict[str, Any], ended: Replaced
) -> bis_pb2.ReplaceSsinResponse:
    """The answer to a replacement."""
    return bis_pb2.ReplaceSsinResponse(
        **head,
        legal_context=request.legal_context,
        replaced_by="" if ended.replaced_by is None else ended.replaced_by.digits,
    )
