"""Questions about enterprises: whether one must withhold before paying, and where it employs."""

import pytest
from cbss.common.v1 import status_pb2, subject_pb2
from cbss.data.v1 import employer_pb2, withholding_duty_pb2

from tests.mesh.asking import DISABLED, consult, outcome, question, reason, refusal

JOINERS, ROOFERS, PAINTERS = "0999999130", "0999999229", "0999999328"
BUILDER, NOBODY, UNIT = "0899991833", "0999999427", "2999998479"
BEFORE_PAYING = "NSSO:WITHHOLDING_DUTY"


def duty(subject, who="builder", **others):
    return question(subject, who, "WITHHOLDING_DUTY", BEFORE_PAYING, **others)


def data(answer, kind):
    (result,) = answer.results
    made = kind()
    assert result.data.Unpack(made)
    return made


@pytest.mark.parametrize(
    ("subject", "state", "liable"),
    [
        (JOINERS, withholding_duty_pb2.WITHHOLDING_STATE_IN_ORDER, False),
        (ROOFERS, withholding_duty_pb2.WITHHOLDING_STATE_NOT_IN_ORDER, True),
    ],
)
async def test_a_principal_knows_before_it_pays_and_until_when(mesh, trail, subject, state, liable):
    answer = await consult(mesh, duty(subject), "builder")

    assert (outcome(answer), answer.cbe_number) == ("DATA_FOUND MSG00000", subject)
    assert not answer.HasField("ssin")
    told = data(answer, withholding_duty_pb2.WithholdingDuty)
    assert (told.state, told.joint_liability, told.valid_until.year) == (state, liable, 2027)
    records = await trail.of_ticket(answer.information_cbss.ticket_cbss)
    assert [one.subject_kind for one in records] == [subject_pb2.SUBJECT_KIND_ENTERPRISE] * 2
    # Nobody finds the record by the number, or reads the number in it.
    assert not any(subject.encode() in one.SerializeToString() for one in records)


@pytest.mark.parametrize(
    ("subject", "who", "ended"),
    [
        (BUILDER, "builder", "NO_DATA_FOUND MSG00100"),
        (NOBODY, "builder", "NO_RESULT CBSS11001"),
        ("0999999428", "builder", "NO_RESULT MSG00008"),
        (UNIT, "builder", "NO_RESULT MSG00008"),
        (DISABLED, "builder", "NO_RESULT MSG00008"),
        (ROOFERS, "transport", "NO_RESULT MSG00013"),
        (NOBODY, "transport", "NO_RESULT MSG00013"),
    ],
)
async def test_other_questions_end_with_their_status(mesh, trail, subject, who, ended):
    answer = await consult(mesh, duty(subject, who), who)

    assert outcome(answer) == ended
    records = await trail.of_ticket(answer.information_cbss.ticket_cbss)
    assert records[-1].status_code == ended.split()[1]


async def test_an_enterprise_that_has_ceased_is_paid_no_more_and_was_an_employer(mesh):
    stopped = await consult(mesh, duty(PAINTERS), "builder")

    assert outcome(stopped) == "NO_DATA_FOUND CBSS11002"
    assert [*stopped.status.information] == [
        status_pb2.Information(field_name="endDate", field_value="2025-09-30")
    ]
    asked = question(PAINTERS, "nic", "EMPLOYER_DIRECTORY", "NIC:EMPLOYER_DIRECTORY")
    told = data(await consult(mesh, asked, "nic"), employer_pb2.Employer)
    assert told.registrations[0].end_date.year == 2026


def employer(subject=JOINERS, who="nic", **others):
    return question(subject, who, "EMPLOYER_DIRECTORY", "NIC:EMPLOYER_DIRECTORY", **others)


async def test_of_an_employer_the_fields_that_are_granted_are_told_page_by_page(mesh, trail):
    first = await consult(mesh, employer(), "nic")

    assert outcome(first) == "PARTIAL_RESULT MSG00002"
    assert list(first.data_filters.filtered_elements) == ["establishments.size"]
    (result,) = first.results
    assert result.has_more
    # Of what the contract cannot carry, the name of what is not granted is not told either.
    assert list(result.unsupported_data) == ["registrations.joint_committees"]
    told = data(first, employer_pb2.Employer)
    assert [one.postal_code for one in told.establishments] == ["2000", "9000"]
    assert not any(one.size for one in told.establishments)
    assert told.registrations

    second = await consult(mesh, employer(page_token=first.next_page_token), "nic")

    assert (outcome(second), second.next_page_token) == ("DATA_FOUND MSG00000", "")
    told = data(second, employer_pb2.Employer)
    assert [one.postal_code for one in told.establishments] == ["3500"]
    assert not told.registrations
    # Each page is an exchange of its own, admitted anew.
    records = await trail.of_ticket(second.information_cbss.ticket_cbss)
    assert [one.status_code for one in records] == ["", "MSG00000"]


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        (lambda token: employer(PAINTERS, page_token=token), "nic"),
        (lambda token: employer(page_token=token[:-2] + "AA"), "nic"),
        (lambda token: employer(page_token="x"), "nic"),
        (lambda token: duty(JOINERS, page_token=token), "builder"),
        (lambda token: employer(who="builder", page_token=token), "builder"),
    ],
)
async def test_a_page_goes_on_for_the_same_question_only(mesh, asked, who):
    first = await consult(mesh, employer(), "nic")

    fault = await refusal(mesh, asked(first.next_page_token), who=who)

    assert reason(fault) == "PAGE_TOKEN_INVALID"


async def test_a_person_is_not_asked_about_as_an_enterprise(mesh):
    answer = await consult(mesh, question(JOINERS))

    assert outcome(answer) == "NO_RESULT MSG00008"
