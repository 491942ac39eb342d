"""Citizens' questions about themselves, and what they are told."""

from collections.abc import Sequence

from cbss.common.v1 import words_pb2
from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import person_file_pb2

from services.concepts.ssin import find_flaw, parse_ssin
from services.directory.citizens import Words
from services.directory.model import Call, Citizen, FilePosition, PersonFile
from services.kit.caller import Caller
from services.kit.errors import CallerUnknown, PageTokenInvalid
from services.kit.paging import PageTokens
from services.wire import values

_QUERY = b"my files"


def citizen(caller: Caller) -> Citizen:
    """Whose certificate the call came with; CallerUnknown without one."""
    client = caller.client
    if client is None:
        raise CallerUnknown
    digits = client.serial_number or ""
    return Citizen(None if find_flaw(digits) else parse_ssin(digits), client.issuer)


def position(
    tokens: PageTokens, request: pb.ListMyFilesRequest, asking: Citizen
) -> FilePosition | None:
    """After which file the page begins; nothing for the first page."""
    if not request.page_token:
        return None
    match tokens.position(request.page_token, caller=_who(asking), query=_QUERY):
        case [int(organization), int(number), int(quality), str(begin)]:
            return organization, number, quality, begin
    raise PageTokenInvalid


def listed(
    tokens: PageTokens,
    call: Call,
    asking: Citizen,
    page: tuple[Sequence[PersonFile], FilePosition | None],
    words: Words,
) -> pb.ListMyFilesResponse:
    """A citizen's page."""
    files, after = page
    return pb.ListMyFilesResponse(
        ticket_cbss=str(call.ticket),
        files=[_file(one, words) for one in files],
        next_page_token=tokens.token(after, caller=_who(asking), query=_QUERY) if after else "",
    )


def _file(one: PersonFile, words: Words) -> person_file_pb2.PersonFile:
    dossier, organization = one.dossier, one.organization
    said = words.quality(organization.place, dossier.quality_code)
    return person_file_pb2.PersonFile(
        cbe_number=organization.cbe_number.digits,
        organization_name=organization.name,
        quality_code=f"{dossier.quality_code:03d}",
        quality=None if said is None else words_pb2.Words(nl=said.nl, fr=said.fr, de=said.de),
        phase=dossier.phase,
        period=values.span(dossier.period),
        ssin=one.person.digits,
    )


def _who(asking: Citizen) -> str:
    # A renewed card goes on where the old one ended.
    return "" if asking.ssin is None else asking.ssin.digits
