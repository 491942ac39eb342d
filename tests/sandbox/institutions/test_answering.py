"""What a source answers: whole from memory, or what days and criteria choose."""

from datetime import UTC, date, datetime

import pytest
from cbss.common.v1 import status_pb2
from cbss.data.v1 import (
    family_composition_pb2,
    handicap_pb2,
    legal_person_data_pb2,
    living_wage_pb2,
    social_status_pb2,
)
from cbss.supplier.v1 import supplier_service_pb2 as pb

from sandbox.institutions.answering import Source
from sandbox.institutions.known import official_answers
from sandbox.institutions.personas import persona_answers
from tests.sandbox.institutions.examples import DISABLED, MOTHER, NOBODY, question, request
from tests.support import reference

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FOUND = status_pb2.STATUS_VALUE_DATA_FOUND


def asked(place, *questions):
    source = Source(place, persona_answers(today=date(2024, 12, 31)), lambda: NOON)
    return pb.AnswerResponse.FromString(source.respond(request(*questions))).answers


def result(answer, kind):
    message = kind()
    assert answer.status.value == FOUND
    assert answer.data.Unpack(message)
    return message


def test_answers_in_order_each_with_a_ticket_of_its_own():
    persons = [DISABLED, NOBODY, MOTHER] * 60

    answers = asked("16.0", *map(question, persons))

    assert [answer.ssin.ssin for answer in answers] == persons
    information = [answer.information_supplier for answer in answers]
    assert len({one.ticket for one in information}) == len(persons)
    assert max(len(one.ticket) for one in information) <= 36
    assert {one.received_at.ToDatetime(UTC) for one in information} == {NOON}
    assert {one.supplier_identification.sector_institution.sector for one in information} == {16}


def test_answers_whole_what_the_persona_holds():
    (answer,) = asked("16.0", question(DISABLED, days=("2026-11-23", "2026-11-23")))

    file = result(answer, handicap_pb2.HandicapFile)
    assert [card.card_category for card in file.social_cards] == ["PARKINGCARD", "REDUCTIONCARD"]
    assert file.rights[0].total_month_amount_eurocents == 164532


def test_each_source_answers_with_its_own_file():
    (federal,) = asked("16.0", question(MOTHER))
    (brussels,) = asked("37.0", question(MOTHER))

    assert not result(federal, handicap_pb2.HandicapFile).rights
    assert result(brussels, handicap_pb2.HandicapFile).rights


@pytest.mark.parametrize(
    ("place", "ssin", "contract", "code"),
    [
        ("16.0", NOBODY, "HANDICAP", "MSG00100"),
        ("69.1", DISABLED, "HANDICAP", "MSG00100"),
        ("16.0", DISABLED, "LIVING_WAGE", "MSG00100"),
        ("16.0", "90651803128", "HANDICAP", "MSG00100"),
        ("16.0", "not a number", "HANDICAP", "MSG00100"),
        ("16.0", DISABLED, "PENSION", "SOURCE00002"),
    ],
)
def test_who_is_not_known_gets_an_outcome_without_data(place, ssin, contract, code):
    (answer,) = asked(place, question(ssin, contract))

    assert (answer.status.code, answer.HasField("data")) == (code, False)
    assert answer.ssin.ssin == ssin


def test_criteria_choose_the_parts_of_a_file():
    parts = [handicap_pb2.HANDICAP_PART_SOCIAL_CARDS, handicap_pb2.HANDICAP_PART_RIGHTS]
    criteria = handicap_pb2.HandicapCriteria(parts=parts)

    (answer,) = asked("16.0", question(DISABLED, criteria=criteria))

    file = result(answer, handicap_pb2.HandicapFile)
    assert [field.name for field, _ in file.ListFields()] == [
        "address_handicapped_person",
        "rights",
        "social_cards",
    ]


def test_criteria_that_choose_nothing_choose_all():
    (answer,) = asked("16.0", question(DISABLED, criteria=handicap_pb2.HandicapCriteria()))

    assert result(answer, handicap_pb2.HandicapFile).evolution_of_request.legislation == "3"


@pytest.mark.parametrize(
    ("days", "years"),
    [
        (None, [2023, 2024]),
        (("2023-05-01", "2024-05-01"), [2023, 2024]),
        (("2024-12-31", "2025-02-01"), [2024]),
        (("2023-01-01", "2023-12-31"), [2023]),
    ],
)
def test_the_days_choose_the_years_of_a_living_wage(days, years):
    (answer,) = asked("16.2", question(MOTHER, "LIVING_WAGE", days))

    amounts = result(answer, living_wage_pb2.LivingWageAmounts)
    assert [year.year for year in amounts.years] == years


def test_days_outside_every_year_find_nothing():
    (answer,) = asked("16.2", question(MOTHER, "LIVING_WAGE", ("2026-01-01", "2026-01-01")))

    assert (answer.status.code, answer.HasField("data")) == ("MSG00100", False)


@pytest.mark.parametrize(
    ("day", "members"), [("2026-11-23", 3), ("2018-06-01", 2), ("2016-09-05", 2)]
)
def test_the_day_chooses_the_household(day, members):
    (answer,) = asked("0.0", question(MOTHER, "FAMILY_COMPOSITION", (day, day)))

    household = result(answer, family_composition_pb2.FamilyComposition)
    assert len(household.members) == members
    assert household.reference_person_ssin == MOTHER


def test_a_period_without_end_reaches_today_and_beyond():
    asking = question(MOTHER, "LIVING_WAGE", ("2024-01-01", "2024-01-01"))
    asking.period.ClearField("end_date")

    (answer,) = asked("16.2", asking)

    assert len(result(answer, living_wage_pb2.LivingWageAmounts).years) == 1


def test_statuses_come_in_the_order_asked():
    names = ["BIM_BVT", "UNHEARD_OF", "LIVING_WAGES_PCSA_HELP"]
    criteria = social_status_pb2.SocialStatusCriteria()
    for name in names:
        criteria.statuses.add(name=name)

    (answer,) = asked("25.0", question(MOTHER, "SOCIAL_STATUS", criteria=criteria))

    statuses = result(answer, social_status_pb2.SocialStatuses).statuses
    assert [status.name for status in statuses] == ["BIM_BVT", "LIVING_WAGES_PCSA_HELP"]


def test_criteria_choose_groups_of_legal_data_and_an_unknown_group_has_nothing():
    group = legal_person_data_pb2
    name = group.LegalPersonDataCriteria(groups=[group.LEGAL_PERSON_DATA_GROUP_NAME])
    decease = group.LegalPersonDataCriteria(groups=[group.LEGAL_PERSON_DATA_GROUP_DECEASE])

    named, deceased = asked(
        "0.0", *(question(MOTHER, "LEGAL_PERSON_DATA", criteria=one) for one in (name, decease))
    )

    held = result(named, group.LegalPersonData)
    assert [field.name for field, _ in held.ListFields()] == ["name"]
    assert deceased.status.code == "MSG00100"


def test_criteria_of_another_contract_are_refused():
    wrong = social_status_pb2.SocialStatusCriteria()
    wrong.statuses.add(name="BIM_BVT")

    (answer,) = asked("16.0", question(DISABLED, criteria=wrong))

    assert answer.status.code == "MSG00008"


def test_criteria_that_are_no_message_are_refused():
    asking = question(DISABLED, criteria=handicap_pb2.HandicapCriteria(parts=[1]))
    asking.criteria.value = b"\xff"

    (answer,) = asked("16.0", asking)

    assert answer.status.code == "MSG00008"


def test_official_answers_come_before_personas_and_only_of_the_place():
    messages = reference.folder() / "messages"
    answers = [*official_answers(messages), *persona_answers()]
    living = question("67722499797", "LIVING_WAGE")
    cards = question("04651999966")

    for place, asking in (("16.2", living), ("16.0", cards), ("45.0", question("00683042157"))):
        source = Source(place, answers)
        (answer,) = pb.AnswerResponse.FromString(source.respond(request(asking))).answers
        if place == "16.2":
            assert len(result(answer, living_wage_pb2.LivingWageAmounts).years) == 3
        elif place == "16.0":
            assert len(answer.status.information) == 2
            assert len(answer.data_filters.filtered_elements) == 2
        else:
            assert answer.status.code == "MSG00021"
