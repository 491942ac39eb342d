"""What the National Register is asked, and which of its answers are none."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from cbss.data.v1 import handicap_pb2, legal_person_data_pb2, person_search_pb2
from cbss.supplier.v1 import supplier_service_pb2 as pb

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.sex import Sex
from services.concepts.ssin import Ssin
from services.identification.model.persons import Group, Origin, Register
from services.identification.model.searches import AddressCriteria, Phonetic
from services.identification.model.sources import inquiry_of
from services.identification.peers.national_register import PeerNationalRegister
from services.kit.errors import PeerFailed, PeerUnavailable
from tests.services.identification.test_peers import CALL

MARC = Ssin(71713000318)
INQUIRY = inquiry_of(CALL)
ASKED = Phonetic("Dubois", "Marc", "", IncompleteDate(1971, 11), 2, Sex.MALE)
FOUND = {"value": "STATUS_VALUE_DATA_FOUND", "code": "MSG00000"}
NOTHING = {"value": "STATUS_VALUE_NO_DATA_FOUND", "code": "MSG00100"}


def person(**changed):
    told = legal_person_data_pb2.LegalPersonData(sex="SEX_MALE", registration={"code": "2"})
    told.name.last_name, told.name.first_names[:] = "Du\u00adbois", ["Marc"]
    told.birth.date.year, told.birth.date.month, told.birth.date.day = 1971, 11, 30
    for field, value in changed.items():
        told.ClearField(field)
        if value is not None:
            getattr(told, field).CopyFrom(value)
    return told


def answer(status=FOUND, data=None, ssin=MARC.digits):
    told = pb.Answer(status=status)
    told.ssin.ssin = ssin
    if data is not None:
        told.data.Pack(data)
    return told


def register(*answers):
    asked = []

    async def reply(request):
        asked.extend(request.questions)
        return pb.AnswerResponse(answers=answers)

    stub = SimpleNamespace(Answer=reply)
    return PeerNationalRegister(stub, timedelta(seconds=1)), asked


async def test_asks_about_one_person_for_the_groups_that_are_needed():
    peer, asked = register(answer(data=person()))

    [bearer] = await peer.bearers([(INQUIRY, MARC)], {Group.REGISTER})

    [question] = asked
    criteria = legal_person_data_pb2.LegalPersonDataCriteria()
    assert question.criteria.Unpack(criteria)
    assert [*criteria.groups] == [1, 2, 4, 9]
    assert (question.ssin, question.data_contract) == (MARC.digits, "LEGAL_PERSON_DATA")
    assert question.information_cbss.ticket_cbss == str(CALL.ticket)
    assert not question.information_customer.user_id
    who = bearer.identity
    assert (who.last_name, who.first_names, who.register) == ("Dubois", ("Marc",), Register.RRN)
    assert {one.given.group for one in bearer.versions} == {
        *(Group.NAME, Group.BIRTH, Group.SEX, Group.REGISTER)
    }
    assert {one.origin for one in bearer.versions} == {Origin.RN_RR}


@pytest.mark.parametrize(
    "asking", [ASKED, AddressCriteria("150", "9000", "Kerkstraat", "1", "2")], ids=["name", "home"]
)
async def test_asks_who_may_be_meant_and_names_nobody(asking):
    result = person_search_pb2.PersonSearchResult(more_exist=True)
    one = result.persons.add(ssin=MARC.digits, sex="SEX_MALE")
    one.name.last_name = "Dubois"
    one.birth_date.year = 1971
    peer, asked = register(answer(data=result, ssin=""))

    found = await peer.look(INQUIRY, asking, 500)

    [question] = asked
    criteria = person_search_pb2.PersonSearchCriteria()
    assert question.criteria.Unpack(criteria)
    assert (question.ssin, criteria.maximum) == ("", 100)
    assert [each.identity.ssin for each in found.candidates] == [MARC]
    assert found.more_exist


@pytest.mark.parametrize(
    "status",
    [
        NOTHING,
        {"value": "STATUS_VALUE_NO_RESULT", "code": "MSG00005"},
        {"value": "STATUS_VALUE_NO_DATA_FOUND", "code": "MSG00021"},
    ],
)
async def test_that_it_knows_nobody_is_an_answer(status):
    peer, _ = register(answer(status))

    assert await peer.bearers([(INQUIRY, MARC)], ()) == [None]


UNBORN = legal_person_data_pb2.LifeEvent()
BAD_DAY = legal_person_data_pb2.LifeEvent(date={"year": 1971, "month": 13})
NAMELESS = legal_person_data_pb2.PersonName(last_name="\u200b")


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [answer(NOTHING), answer(NOTHING)],
        [answer()],
        [answer({"value": "STATUS_VALUE_TECHNICAL_ERROR", "code": "X"})],
        [answer({"value": "STATUS_VALUE_NO_RESULT", "code": "MSG00013"})],
        [answer(data=handicap_pb2.HandicapFile())],
        [answer(data=person(), ssin="57631410249")],
        [answer(data=person(birth=UNBORN))],
        [answer(data=person(birth=BAD_DAY))],
        [answer(data=person(name=NAMELESS))],
    ],
)
async def test_what_is_no_usable_answer_fails(answers):
    peer, _ = register(*answers)

    [failed] = await peer.bearers([(INQUIRY, MARC)], ())

    assert isinstance(failed, PeerFailed)


async def test_several_persons_are_asked_for_in_one_call_each_for_its_own_caller():
    other = replace(INQUIRY, ticket=UUID(int=8), head=replace(INQUIRY.head, ticket="t-2"))
    unusable = answer(data=person(name=NAMELESS), ssin="")
    peer, asked = register(answer(data=person()), unusable, answer(NOTHING, ssin=""))

    found, failed, nobody = await peer.bearers(
        [(INQUIRY, MARC), (other, MARC), (other, Ssin(57631410249))], ()
    )

    assert (found.identity.ssin, type(failed), nobody) == (MARC, PeerFailed, None)
    assert [one.information_customer.ticket for one in asked] == ["t-1", "t-2", "t-2"]
    assert [one.information_cbss.ticket_cbss for one in asked] == [
        *(str(INQUIRY.ticket), str(other.ticket), str(other.ticket))
    ]


async def test_a_call_holds_no_more_questions_than_a_source_takes():
    called = []

    async def reply(request):
        called.append(len(request.questions))
        return pb.AnswerResponse(answers=[answer(NOTHING)] * len(request.questions))

    peer = PeerNationalRegister(SimpleNamespace(Answer=reply), timedelta(seconds=1))

    assert await peer.bearers([(INQUIRY, MARC)] * 600, ()) == [None] * 600
    assert called == [256, 256, 88]


async def test_a_register_that_is_away_gave_nobody_a_usable_answer():
    async def away(_):
        raise PeerUnavailable

    peer = PeerNationalRegister(SimpleNamespace(Answer=away), timedelta(seconds=1))

    failed = await peer.bearers([(INQUIRY, MARC)] * 2, ())

    assert [type(one) for one in failed] == [PeerUnavailable] * 2


@pytest.mark.parametrize(
    "one",
    [
        {"ssin": "71713000319"},
        {"ssin": MARC.digits, "name": {"last_name": "x"}},
        {"ssin": MARC.digits, "name": {"last_name": ""}, "birth_date": {"year": 1971}},
        {"ssin": MARC.digits, "name": {"last_name": "x"}, "birth_date": {"month": 1, "day": 1}},
    ],
)
async def test_a_person_who_cannot_be_read_fails_the_whole(one):
    peer, _ = register(answer(data=person_search_pb2.PersonSearchResult(persons=[one])))

    with pytest.raises(PeerFailed):
        await peer.look(INQUIRY, ASKED, 20)
