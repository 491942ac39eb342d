"""Questions about enterprises: whether one must withhold before paying, and where it employs."""

import pytest
from cbss.common.v1 import status_pb2, subject_pb2
from cbss.data.v1 import employer_pb2, withholding_duty_pb2

from tests.mesh.asking import DISABLED, consult, outcome, question

JOINERS, ROOFERS, PAINTERS = "0999999130", "0999999229", "0999999328"
BUILDER, NOBODY, UNIT = "0899991833", "0999999427", "2999998479"
BEFORE_PAYING = "NSSO:WITHHOLDING_DUTY"


def duty(subject, who="builder"):
    return question(subject, who, "WITHHOLDING_DUTY", BEFORE_PAYING)


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
        status_pb2.Information(field_name="endDate", field_value="2026-09-30")
    ]
    asked = question(PAINTERS, "nic", "EMPLOYER_DIRECTORY", "NIC:EMPLOYER_DIRECTORY")
    told = data(await consult(mesh, asked, "nic"), employer_pb2.Employer)
    assert told.registrations[0].end_date.year == 2026


async def test_of_an_employer_the_fields_that_are_granted_are_told(mesh):
    asked = question(JOINERS, "nic", "EMPLOYER_DIRECTORY", "NIC:EMPLOYER_DIRECTORY")

    answer = await consult(mesh, asked, "nic")

    told = data(answer, employer_pb2.Employer)
    assert list(answer.data_filters.filtered_elements) == ["establishments.size"]
    assert [one.postal_code for one in told.establishments] == ["2000", "9000", "3500"]
    assert not any(one.size for one in told.establishments)


async def test_a_person_is_not_asked_about_as_an_enterprise(mesh):
    answer = await consult(mesh, question(JOINERS))

    assert outcome(answer) == "NO_RESULT MSG00008"
