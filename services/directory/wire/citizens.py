"""Citizens' questions about themselves, and what they are told."""

from collections.abc import Sequence

from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import person_file_pb2

from services.admission.model import Call
from services.concepts.citizen import Citizen
from services.concepts.quality_words import QualityWords
from services.directory.model import FilePosition, PersonFile
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens
from services.wire import values
from services.wire.citizens import encode_holder, encode_words

_QUERY = b"my files"


def decode_position(
    tokens: PageTokens, request: pb.ListMyFilesRequest, asking: Citizen
) -> FilePosition | None:
    """After which file the page begins; nothing for the first page."""
    if not request.page_token:
        return None
    match tokens.position(request.page_token, caller=encode_holder(asking), query=_QUERY):
        case [int(organization), int(number), int(quality), str(begin)]:
            return organization, number, quality, begin
    raise PageTokenInvalid


def encode_list_my_files_response(
    tokens: PageTokens,
    call: Call,
    asking: Citizen,
    page: tuple[Sequence[PersonFile], FilePosition | None],
    words: QualityWords,
) -> pb.ListMyFilesResponse:
    """A citizen's page."""
    files, after = page
    return pb.ListMyFilesResponse(
        ticket_cbss=str(call.ticket),
        files=[_file(one, words) for one in files],
        next_page_token=tokens.token(after, caller=encode_holder(asking), query=_QUERY)
        if after
        else "",
    )


def _file(one: PersonFile, words: QualityWords) -> person_file_pb2.PersonFile:
    dossier, organization = one.dossier, one.organization
    said = words.quality(organization.place, dossier.quality_code)
    return person_file_pb2.PersonFile(
        cbe_number=organization.cbe_number.digits,
        organization_name=organization.name,
        quality_code=f"{dossier.quality_code:03d}",
        quality=None if said is None else encode_words(said),
        phase=dossier.phase,
        period=values.encode_period(dossier.period),
        ssin=one.person.digits,
    )
