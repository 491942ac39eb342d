"""What the National Register is asked, and which of its answers are none."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from cbss.data.v1 import handicap_pb2, legal_person_data_pb2, person_search_pb2
from cbss.supplier.v1 import supplier_service_pb2 as pb

from services.admission.model import Admitted, Granted, Known, Party
from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.sex import Sex
from services.concepts.ssin import Ssin
from services.identification.model.persons import Group, Origin, Register
from services.identification.model.searches import AddressCriteria, Phonetic
from services.identification.peers.national_register import PeerNationalRegister
from services.kit.errors import PeerFailed
from tests.services.identification.test_peers import CALL

CENTRE = EnterpriseNumber(899990348)
MARC = Ssin(71713000318)
ADMITTED = Admitted(
    CALL,
    Party(Known(CENTRE), Known(CENTRE)),
    ContractName("PERSON_SEARCH", 1),
    Granted(Deliberation("IVC/KSZG/98/030", 1), "7", frozenset(), ("*",)),
)
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

    bearer = await peer.bearer(ADMITTED, MARC, {Group.REGISTER})

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

    found = await peer.look(ADMITTED, asking, 500)

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

    assert await peer.bearer(ADMITTED, MARC, ()) is None


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

    with pytest.raises(PeerFailed):
        await peer.bearer(ADMITTED, MARC, ())


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
        await peer.look(ADMITTED, ASKED, 20)
