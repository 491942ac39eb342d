"""The National Register: `cbss.supplier.v1`, asked about one person or for who may be meant.

Its answers are kept by nobody. What is no usable answer fails: whoever asked then knows nothing.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import structlog
from cbss.common.v1 import status_pb2
from cbss.data.v1 import legal_person_data_pb2 as data_pb
from cbss.data.v1 import person_search_pb2 as search_pb
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError, Message

from services.concepts.data_contract import ContractName
from services.concepts.failures import Failure, InvalidArgument
from services.concepts.ssin import Ssin, parse_ssin
from services.concepts.text import visible
from services.identification.model.persons import (
    Given,
    Group,
    Identity,
    Origin,
    Proof,
    Register,
    Version,
)
from services.identification.model.searches import AddressCriteria, Candidate, Found, Phonetic
from services.identification.model.sources import Bearer, Inquiry
from services.identification.wire import particulars, persons
from services.kit.clock import within
from services.kit.errors import PeerFailed
from services.wire import values

SEARCH = ContractName("NATIONAL_REGISTER_SEARCH", 1)
PERSON = ContractName("LEGAL_PERSON_DATA", 1)
LARGEST_MAXIMUM = 100
MOST_QUESTIONS = 256
"""In one call."""
RECOGNISED = frozenset({Group.NAME, Group.BIRTH, Group.SEX})
"""The groups by which somebody is recognised: asked for in any case."""
UNKNOWN = frozenset({"MSG00005", "MSG00021"})
"""How a source says in so many words that it does not know the person."""
CERTAIN = 100

log = structlog.get_logger()

M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class PeerNationalRegister:
    """Asks the National Register."""

    stub: supplier_rpc.SupplierServiceStub
    deadline: timedelta

    async def look(self, inquiry: Inquiry, asked: Phonetic | AddressCriteria, most: int) -> Found:
        """Who may be meant there; without scores, which are ours to give."""
        criteria = search_pb.PersonSearchCriteria(maximum=min(most, LARGEST_MAXIMUM))
        if isinstance(asked, Phonetic):
            criteria.name_and_birth.CopyFrom(_name_and_birth(asked))
        else:
            criteria.residence.CopyFrom(_residence(asked))
        with _telling(inquiry):
            (answer,) = await self._ask([_question(inquiry, SEARCH, None, criteria)])
            found = _told(answer, search_pb.PersonSearchResult)
            if found is None:
                return Found(())
            return Found(tuple(_candidates(found.persons)), found.more_exist)

    async def bearers(
        self, asked: Sequence[tuple[Inquiry, Ssin]], groups: Collection[Group]
    ) -> list[Bearer | Failure | None]:
        """Who bears each of some numbers there, with these groups; none if nobody does."""
        every = sorted(RECOGNISED.union(groups), key=lambda group: group.value)
        wanted = [f"LEGAL_PERSON_DATA_GROUP_{group.name}" for group in every]
        criteria = data_pb.LegalPersonDataCriteria(groups=wanted)
        parts = (asked[at : at + MOST_QUESTIONS] for at in range(0, len(asked), MOST_QUESTIONS))
        told = await asyncio.gather(*(self._bearers(part, criteria) for part in parts))
        return [one for part in told for one in part]

    async def _bearers(
        self, asked: Sequence[tuple[Inquiry, Ssin]], criteria: data_pb.LegalPersonDataCriteria
    ) -> list[Bearer | Failure | None]:
        try:
            answers = await self._ask(
                [_question(inquiry, PERSON, ssin, criteria) for inquiry, ssin in asked]
            )
        except Failure as fault:
            for inquiry, _ in asked:
                _tell(inquiry, fault)
            return [fault] * len(asked)
        return [
            _bearer_or_failure(inquiry, ssin, answer)
            for (inquiry, ssin), answer in zip(asked, answers, strict=True)
        ]

    async def _ask(self, questions: list[supplier_pb.Question]) -> Sequence[supplier_pb.Answer]:
        with within(self.deadline):
            response = await self.stub.Answer(supplier_pb.AnswerRequest(questions=questions))
        if len(response.answers) != len(questions):
            raise PeerFailed(facts={"peer": "national register"})
        return [*response.answers]


@contextmanager
def _telling(inquiry: Inquiry) -> Iterator[None]:
    """Tell the operator of a source without a usable answer; whoever asks is told by the status."""
    try:
        yield
    except Failure as fault:
        _tell(inquiry, fault)
        raise


def _tell(inquiry: Inquiry, fault: Failure) -> None:
    reason, ticket = fault.reason(), str(inquiry.ticket)
    log.warning("source failed", source="national register", reason=reason, ticket=ticket)


def _bearer_or_failure(
    inquiry: Inquiry, ssin: Ssin, answer: supplier_pb.Answer
) -> Bearer | Failure | None:
    try:
        with _telling(inquiry):
            if answer.ssin.ssin not in (ssin.digits, ""):
                raise PeerFailed(facts={"peer": "national register"})
            told = _told(answer, data_pb.LegalPersonData)
            return None if told is None else _bearer(ssin, told, inquiry)
    except Failure as fault:
        return fault


def _question(
    inquiry: Inquiry, contract: ContractName, ssin: Ssin | None, criteria: Message
) -> supplier_pb.Question:
    head, day = inquiry.head, values.encode_day(inquiry.day)
    question = supplier_pb.Question(
        legal_context=head.legal_context,
        data_contract=contract.code,
        contract_version=contract.version,
        ssin="" if ssin is None else ssin.digits,
    )
    question.criteria.Pack(criteria)
    question.period.begin_date.CopyFrom(day)
    question.period.end_date.CopyFrom(day)
    question.information_cbss.ticket_cbss = str(inquiry.ticket)
    question.information_cbss.received_at.CopyFrom(values.encode_instant(inquiry.received_at))
    question.information_customer.ticket = head.ticket
    question.information_customer.customer_identification.CopyFrom(
        values.encode_organization(head.customer)
    )
    return question


def _name_and_birth(asked: Phonetic) -> search_pb.NameAndBirth:
    assert asked.birth is not None
    return search_pb.NameAndBirth(
        last_name=asked.last_name,
        first_name=asked.first_name,
        birth_date=values.encode_day(asked.birth),
        tolerance=asked.tolerance or 0,
        sex=particulars.encode_sex(asked.sex),
    )


def _residence(asked: AddressCriteria) -> search_pb.Residence:
    return search_pb.Residence(
        country_code=asked.country_code or "150",
        postal_code=asked.postal_code,
        street_name=asked.street_name,
        house_number=asked.house_number,
        box=asked.box,
    )


def _told(answer: supplier_pb.Answer, kind: type[M]) -> M | None:
    """What the answer holds, nothing if the source has nothing; fails if it is no answer."""
    value, code = answer.status.value, answer.status.code
    if value == status_pb2.STATUS_VALUE_NO_DATA_FOUND or code in UNKNOWN:
        return None
    told = kind()
    try:
        if value == status_pb2.STATUS_VALUE_DATA_FOUND and answer.data.Unpack(told):
            return told
    except DecodeError:
        pass
    raise PeerFailed(facts={"peer": "national register"})


def _candidates(found: Iterable[search_pb.FoundPerson]) -> Iterable[Candidate]:
    for one in found:
        try:
            ssin = parse_ssin(one.ssin)
            birth = particulars.decode_incomplete_date(one.birth_date, field="birth_date")
            sex = particulars.decode_sex(one.sex, field="sex")
        except InvalidArgument as wrong:
            raise PeerFailed(facts={"peer": "national register"}) from wrong
        last = visible(one.name.last_name)
        if birth is None or not last:
            raise PeerFailed(facts={"peer": "national register"})
        firsts = tuple(visible(name) for name in one.name.first_names)
        yield Candidate(Identity(ssin, last, firsts, birth, sex, Register.RRN), CERTAIN)


def _bearer(ssin: Ssin, told: data_pb.LegalPersonData, inquiry: Inquiry) -> Bearer:
    try:
        sex = particulars.decode_sex(told.sex, field="sex")
        birth = particulars.decode_incomplete_date(told.birth.date, field="birth.date")
        groups = [*_groups(told)]
    except InvalidArgument as wrong:
        raise PeerFailed(facts={"peer": "national register"}) from wrong
    last = visible(told.name.last_name)
    if birth is None or not last:
        raise PeerFailed(facts={"peer": "national register"})
    firsts = tuple(visible(name) for name in told.name.first_names)
    at = inquiry.received_at
    versions = (Version(one, Origin.RN_RR, Proof.REGISTER, at) for one in groups)
    return Bearer(Identity(ssin, last, firsts, birth, sex, Register.RRN), tuple(versions))


def _uncover(message: Message) -> None:
    """Leave out of its texts what nobody sees: one such letter does not make a person unknown."""
    for field, value in message.ListFields():
        for at, one in enumerate(value) if field.is_repeated else ((None, value),):
            if isinstance(one, Message):
                _uncover(one)
            elif isinstance(one, str) and at is not None:
                value[at] = visible(one)
            elif isinstance(one, str):
                setattr(message, field.name, visible(one))


def _groups(told: data_pb.LegalPersonData) -> Iterable[Given]:
    """The groups of the answer, with the register that keeps the person: nobody else gives that."""
    rest = data_pb.LegalPersonData()
    rest.CopyFrom(told)
    rest.ClearField("registration")
    _uncover(rest)
    yield from persons.decode_groups(rest, field="data")
    if told.HasField("registration"):
        held = MessageToDict(told.registration, preserving_proto_field_name=True)
        since = particulars.decode_incomplete_date(
            told.registration.since, field="registration.since"
        )
        yield Given(Group.REGISTER, held, since)
