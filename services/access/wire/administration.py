"""What operators and readers of the register ask, and pages of it."""

import asyncio
import hashlib
import re
from datetime import date
from uuid import UUID

from cbss.access.v1 import deliberation_service_pb2 as pb

from services.access.model import Accession, ActVersion, Draft, Office, Request
from services.access.store.lines import draft
from services.concepts.failures import invalid
from services.concepts.legal_context import parse_legal_context
from services.concepts.organization import Organization
from services.concepts.period import Period
from services.concepts.text import is_plain
from services.kit.caller import COMMITTEE, GATEWAY, Caller
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens, page_size
from services.wire import values

LARGEST_DOCUMENT = 256 * 1024
"""Characters of a written form."""
_NUMBER = re.compile(r"[A-Z]{1,16}/[A-Z]{1,16}/[0-9]{2}/[0-9]{3}")
_LONGEST_REGULATION = 4000
_HIGHEST_VERSION = 9999
_SERVICE = "cbss.access.v1.DeliberationService"

Changing = (
    pb.ProposeDeliberationRequest
    | pb.EnactDeliberationRequest
    | pb.SuspendDeliberationRequest
    | pb.WithdrawDeliberationRequest
    | pb.AccedeToDeliberationRequest
    | pb.EnactAccessionRequest
)


def decode_request(message: Changing, caller: Caller) -> Request:
    """Who asks for a step, and under which identification."""
    name = type(message).__name__
    content = hashlib.sha256(f"{name} {caller.operator}\0".encode())
    content.update(message.SerializeToString(deterministic=True))
    rpc = f"{_SERVICE}/{name.removesuffix('Request')}"
    office = Office.COMMITTEE if caller.workload == COMMITTEE else Office.BANK
    return Request(
        _identified(message.request_id), content.hexdigest(), caller.operator, rpc, office
    )


async def decode_draft(document: str) -> Draft:
    """The draft in a written form; fails naming every fault with its line."""
    if not 1 <= len(document) <= LARGEST_DOCUMENT:
        raise invalid("document", f"must be 1 to {LARGEST_DOCUMENT} characters")
    # Beside the loop: the largest takes a second, and decisions go on meanwhile.
    return await asyncio.to_thread(draft, document)


def decode_act(number: str, version: int) -> ActVersion:
    """The deliberation that a number and a version name; version 0 stands for the latest."""
    if _NUMBER.fullmatch(number) is None:
        raise invalid("number", "must be like IVC/KSZG/99/002")
    if version > _HIGHEST_VERSION:
        raise invalid("version", f"must be at most {_HIGHEST_VERSION}")
    return ActVersion(number, version)


def decode_step(
    message: pb.EnactDeliberationRequest
    | pb.SuspendDeliberationRequest
    | pb.WithdrawDeliberationRequest,
) -> ActVersion:
    """The version that is to be moved."""
    if message.version == 0:
        raise invalid("version", "must be told")
    return decode_act(message.number, message.version)


def decode_accession(message: pb.AccedeToDeliberationRequest) -> Accession:
    """The accession that is asked for."""
    if not 1 <= len(message.regulation) <= _LONGEST_REGULATION or not is_plain(message.regulation):
        raise invalid("regulation", f"must be 1 to {_LONGEST_REGULATION} printable characters")
    begin = values.decode_day(message.valid_from, "valid_from")
    end = (
        values.decode_day(message.valid_until, "valid_until")
        if message.HasField("valid_until")
        else None
    )
    if end is not None and end < begin:
        raise invalid("valid_until", "must not be before valid_from")
    recipient = values.decode_organization(message.recipient, "recipient")
    return Accession(recipient, Period(begin, end), message.regulation)


def decode_accession_key(message: pb.EnactAccessionRequest) -> tuple[Organization, date]:
    """Whose accession is enacted, by its first day."""
    recipient = values.decode_organization(message.recipient, "recipient")
    return recipient, values.decode_day(message.valid_from, "valid_from")


def sees_proposals(caller: Caller) -> bool:
    """Whether the caller reads what is not public yet."""
    return caller.workload != GATEWAY


def decode_position(
    tokens: PageTokens, message: pb.ListDeliberationsRequest, caller: Caller
) -> ActVersion:
    """After which version the page begins."""
    if not message.page_token:
        return ActVersion("", 0)
    found = tokens.position(message.page_token, caller=_who(caller), query=_query(message))
    match found:
        case [str(number), int(version)]:
            return ActVersion(number, version)
    raise PageTokenInvalid()


def encode_token(
    tokens: PageTokens, message: pb.ListDeliberationsRequest, caller: Caller, last: ActVersion
) -> str:
    """The token of the page after a version."""
    return tokens.token([last.number, last.version], caller=_who(caller), query=_query(message))


def decode_size(message: pb.ListDeliberationsRequest) -> int:
    """How many versions the page has."""
    return page_size(message.page_size, default=50, most=200)


def decode_legal_context(message: pb.ListDeliberationsRequest) -> str:
    """The legal context that is looked for; empty if none is."""
    return parse_legal_context(message.legal_context) if message.legal_context else ""


def _identified(text: str) -> UUID:
    try:
        found = UUID(text)
    except ValueError:
        found = None
    if found is None or str(found) != text:
        raise invalid("request_id", "must be a UUID in canonical text")
    return found


def _who(caller: Caller) -> str:
    return f"{caller.workload} {caller.operator}"


def _query(message: pb.ListDeliberationsRequest) -> bytes:
    return message.legal_context.encode()
