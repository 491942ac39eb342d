"""Every outcome of a consultation, and what the trail holds of it."""

from hashlib import sha256

import pytest
from cbss.data.v1 import handicap_pb2, living_wage_pb2, social_status_pb2
from google.type import date_pb2

from tests.mesh.asking import DISABLED, MOTHER, NOBODY, consult, outcome, question

ASKED = ["INTENT", "OUTCOME"]
REFUSED = ["REFUSAL"]
DGPH = handicap_pb2.HandicapCriteria(sources=[handicap_pb2.HANDICAP_SOURCE_DGPH])
AVIQ = handicap_pb2.HandicapCriteria(sources=[handicap_pb2.HANDICAP_SOURCE_AVIQ])
BIM = social_status_pb2.SocialStatusCriteria(
    statuses=[social_status_pb2.AskedSocialStatus(name="BIM_BVT")]
)
EVERYTHING = "SANDBOX:REFERENCE_MESSAGES"
IN_2024 = date_pb2.Date(year=2024, month=11, day=15)

CASES = {
    "data": (question(), "DATA_FOUND MSG00000", ASKED),
    "data of the chosen source": (question(MOTHER, criteria=DGPH), "DATA_FOUND MSG00000", ASKED),
    "living wage": (
        question(MOTHER, contract="LIVING_WAGE", context=EVERYTHING, date=IN_2024),
        "DATA_FOUND MSG00000",
        ASKED,
    ),
    "social status, from the buffer": (
        question(contract="SOCIAL_STATUS", criteria=BIM),
        "DATA_FOUND MSG00000",
        ASKED,
    ),
    "family": (question(MOTHER, contract="FAMILY_COMPOSITION"), "DATA_FOUND MSG00000", ASKED),
    "formatted number": (question("71.71.30-003.18"), "DATA_FOUND MSG00000", ASKED),
    "nothing at the source": (question("90651803128"), "NO_DATA_FOUND MSG00100", ASKED),
    "no source knows": (question(criteria=AVIQ), "NO_DATA_FOUND MSG00021", ASKED),
    "deceased": (question("39620200524"), "NO_DATA_FOUND MSG00009", REFUSED),
    "unknown number": (question(NOBODY), "NO_RESULT MSG00005", REFUSED),
    "cancelled number": (question("88690110166"), "NO_RESULT MSG00005", REFUSED),
    "replaced number": (question("95661501156"), "NO_RESULT MSG00006", REFUSED),
    "malformed number": (question("71713000319"), "NO_RESULT MSG00011", REFUSED),
    "criteria of another contract": (
        question(criteria=living_wage_pb2.LivingWageCriteria()),
        "NO_RESULT MSG00008",
        REFUSED,
    ),
    "not integrated": (question("73610801655"), "NO_RESULT MSG00012", REFUSED),
    "unknown purpose": (question(context="PCSW:NOTHING"), "NO_RESULT MSG00013", REFUSED),
    "data not granted": (question(contract="LEGAL_PERSON_DATA"), "NO_RESULT MSG00013", REFUSED),
    "unknown contract": (question(contract="NOTHING"), "NO_RESULT MSG00013", REFUSED),
    "unknown version": (question(contract_version=9), "NO_RESULT MSG00013", REFUSED),
}


@pytest.mark.parametrize("name", CASES)
async def test_ends_as_the_law_says_and_stands_in_the_trail(mesh, trail, name):
    asked, expected, stages = CASES[name]

    answer = await consult(mesh, asked)

    assert outcome(answer) == expected
    ticket = answer.information_cbss.ticket_cbss
    assert await trail.stages(ticket) == stages
    last = (await trail.of_ticket(ticket))[-1]
    assert (last.status_code, last.customer_cbe_number) == (expected.split()[1], "0899990348")
    assert last.customer_ticket == asked.information_customer.ticket
    assert not last.subject_ssin
    assert asked.ssin not in str(last) or not asked.ssin


async def test_echoes_the_question_and_says_who_answered_when(mesh):
    asked = question()

    answer = await consult(mesh, asked)

    assert answer.information_customer == asked.information_customer
    assert (answer.legal_context, answer.data_contract) == (asked.legal_context, "HANDICAP")
    assert answer.contract_version == 1
    assert answer.ssin.ssin == DISABLED
    assert answer.HasField("date")
    assert answer.information_cbss.received_at.ToDatetime()
    assert answer.information_cbss.replied_at.ToDatetime()
    assert answer.deliberation.number == "IVC/KSZG/99/002"
    source = answer.results[0].information_supplier
    assert source.supplier_identification.sector_institution.sector == 16
    assert source.ticket


async def test_cuts_what_the_deliberation_does_not_grant_and_says_so(mesh, trail):
    answer = await consult(mesh, question())

    file = handicap_pb2.HandicapFile()
    assert answer.results[0].data.Unpack(file)
    assert not file.HasField("address_handicapped_person")
    assert not file.social_cards
    assert file.rights
    cut = list(answer.data_filters.filtered_elements)
    assert "address_handicapped_person" in cut
    assert "social_cards" in cut
    records = await trail.of_ticket(answer.information_cbss.ticket_cbss)
    assert list(records[-1].filtered_elements) == cut


async def test_keeps_nothing_of_what_was_exchanged(mesh, trail):
    answer = await consult(mesh, question())

    records = await trail.of_ticket(answer.information_cbss.ticket_cbss)

    held = records[-1].SerializeToString()
    content = answer.results[0].data.value
    assert content
    assert b"Dubois" not in held
    assert content not in held
    assert sha256(content).digest() not in held


async def test_a_replaced_number_is_answered_with_the_new_one(mesh):
    answer = await consult(mesh, question("95661501156"))

    assert answer.ssin.replaced_by == "95661501255"
    assert [(one.field_name, one.field_value) for one in answer.status.information] == [
        ("newSSIN", "95661501255")
    ]


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ({"year": 2026, "month": 2, "day": 30}, "MSG00008"),
        ({"year": 2026}, "MSG00008"),
        ({"year": 1990, "month": 1, "day": 1}, "MSG00013"),
    ],
)
async def test_days_that_are_none_or_lie_too_far_back_are_refused(mesh, moment, code):
    asked = question()
    asked.date.CopyFrom(date_pb2.Date(**moment))

    assert (await consult(mesh, asked)).status.code == code


@pytest.mark.parametrize("context", ["PCSW:LIVING_WAGE_MEANS_TEST", "PCSW:NOTHING"])
async def test_the_requesters_check_tells_nothing_about_the_person(mesh, context):
    """Whoever exists, was replaced, died or never was: who may not ask is told the same."""
    told = set()
    for ssin in (DISABLED, NOBODY, "95661501156", "39620200524", "71713000319"):
        answer = await consult(mesh, question(ssin, who="transport", context=context), "transport")
        told.add(
            (outcome(answer), str(answer.status), answer.ssin.replaced_by, len(answer.results))
        )

    assert len(told) == 1
    assert told.pop()[0] == "NO_RESULT MSG00013"
