"""Answers a list of questions: with bytes made when the program started, wherever that can be.

An answer is the joining of two parts that are each a run of complete fields: who answered and when,
made for each call, and all the rest, made once for each person and contract. Protobuf reads two
such parts behind each other as one message.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

from cbss.common.v1 import information_pb2, organization_pb2, status_pb2
from cbss.data.v1 import person_search_pb2
from cbss.supplier.v1 import supplier_service_pb2 as pb
from google.protobuf.message import DecodeError, Message

from sandbox.institutions import selection
from sandbox.institutions.contracts import (
    CONTRACTS,
    LEGAL_PERSON_DATA,
    NATIONAL_REGISTER,
    NATIONAL_REGISTER_SEARCH,
)
from sandbox.institutions.known import Known
from sandbox.institutions.searching import People
from services.official.outcomes import make_failure, make_outcome

FOUND = "MSG00000"
NOTHING = "MSG00100"
INVALID = "MSG00008"
NOT_SUPPLIED = "SOURCE00002"
"""The sources' own code for a data contract that none of them has."""

_FIRST_FIELD = b"\x0a"
_TICKET_LENGTH = 33


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known about a person under a contract, ready to be sent."""

    known: Known
    whole: bytes
    begin: int
    """The whole is the answer to questions whose last day is not before this one."""
    end: int
    """And whose first day is not after this one."""
    signed: bytes
    """Who answered and when, if the source said it once and for all; else it is made each time."""


class Source:
    """One authentic source at a place, which answers what it knows."""

    def __init__(
        self,
        place: str,
        answers: Iterable[Known],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        sector, institution = map(int, place.split("."))
        self._supplier = organization_pb2.Organization(
            sector_institution=organization_pb2.SectorInstitution(
                sector=sector, institution=institution
            )
        )
        self._now = now
        self._process = uuid4().hex[:16].encode()
        self._tickets = count(1)
        self._prepared: dict[tuple[str, str], Prepared] = {}
        self._people = People()
        for known in answers:
            if known.place == place:
                # Who comes first stays: official answers before personas.
                self._prepared.setdefault(
                    (known.contract, known.subject), _prepared(known, self._supplier)
                )
                if known.contract == LEGAL_PERSON_DATA and place == NATIONAL_REGISTER:
                    self._people.add(known.ssin, known.result)

    def __len__(self) -> int:
        return len(self._prepared)

    def respond(self, request: pb.AnswerRequest) -> bytes:
        """The AnswerResponse to a request, as bytes."""
        received = information_pb2.InformationSupplier(supplier_identification=self._supplier)
        received.received_at.FromDatetime(self._now())
        received.replied_at.CopyFrom(received.received_at)
        told = received.SerializeToString()
        head = _FIRST_FIELD + _varint(len(told) + _TICKET_LENGTH + 2) + told
        parts: list[bytes] = []
        for question in request.questions:
            number = question.ssin or question.cbe_number
            prepared = self._prepared.get((question.data_contract, number))
            body = _answer(prepared, question) if prepared else self._other(question)
            ticket = b"\x0a\x21%s-%016x" % (self._process, next(self._tickets))
            signed = prepared.signed if prepared else b""
            before = signed or head + ticket
            parts += (_FIRST_FIELD, _varint(len(before) + len(body)), before, body)
        return b"".join(parts)

    def _other(self, question: pb.Question) -> bytes:
        """Who may be meant, or somebody who is not known here."""
        if question.data_contract != NATIONAL_REGISTER_SEARCH or not self._people:
            return _unknown(question)
        criteria = person_search_pb2.PersonSearchCriteria()
        try:
            read = question.criteria.Unpack(criteria)
        except DecodeError:
            read = False
        if not read or question.ssin:
            return _body(None, make_outcome(INVALID))
        found = self._people.found(criteria)
        nobody = _body(None, make_outcome(NOTHING))
        return _body(None, make_outcome(FOUND), found) if found.persons else nobody


def _answer(prepared: Prepared, question: pb.Question) -> bytes:
    known = prepared.known
    result = known.result
    if result is None:
        return prepared.whole
    if question.HasField("period"):
        asked = selection.span(question.period)
        if asked[1] < prepared.begin or asked[0] > prepared.end:
            result = selection.within(known.contract, result, asked)
    if result is not None and question.criteria.value:
        made = CONTRACTS[known.contract].criteria
        criteria = None if made is None else made()
        try:
            read = criteria is not None and question.criteria.Unpack(criteria)
        except DecodeError:
            read = False
        if not read:
            return _body(known, make_outcome(INVALID))
        result = selection.choose(known.contract, result, criteria)
    if known.contract in selection.PAGED and result is not None:
        page = selection.page(known.contract, result, question.next)
        return _body(known, make_outcome(INVALID)) if page is None else _page(known, *page)
    if result is known.result:
        return prepared.whole
    if result is None:
        return _body(known, make_outcome(NOTHING))
    return _body(known, known.status, result, known.filtered)


def _page(known: Known, result: Message, next_page: str) -> bytes:
    answer = pb.Answer(next=next_page)
    return _body(known, known.status, result, known.filtered) + answer.SerializeToString()


def _unknown(question: pb.Question) -> bytes:
    if question.data_contract in CONTRACTS:
        return _body(question, make_outcome(NOTHING))
    return _body(question, make_failure(NOT_SUPPLIED, "It does not supply this contract"))


def _prepared(known: Known, supplier: organization_pb2.Organization) -> Prepared:
    whole = _body(known, known.status, known.result, known.filtered)
    signed = b""
    if known.information is not None:
        said = pb.Answer(information_supplier=known.information)
        said.information_supplier.supplier_identification.CopyFrom(supplier)
        signed = said.SerializeToString()
    if known.result is None:
        return Prepared(known, whole, selection.FIRST, selection.LAST, signed)
    begin, end = selection.always(known.contract, known.result)
    return Prepared(known, whole, begin, end, signed)


def _body(
    about: Known | pb.Question | None,
    status: status_pb2.Status,
    result: Message | None = None,
    filtered: Iterable[str] = (),
) -> bytes:
    """An answer without who answered and when."""
    answer = pb.Answer(status=status)
    if about is not None and about.ssin:
        answer.ssin.ssin = about.ssin
    elif about is not None:
        answer.cbe_number = about.cbe_number
    if filtered:
        answer.data_filters.filtered_elements.extend(filtered)
    if result is not None:
        answer.data.Pack(result)
        answer.unsupported_data.extend(about.unsupported if isinstance(about, Known) else ())
    return answer.SerializeToString()


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)
