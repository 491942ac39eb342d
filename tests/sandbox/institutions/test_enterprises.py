"""Enterprises that sources answer about: what the shipped file tells, and what it may not."""

from datetime import date

import pytest
from cbss.supplier.v1 import supplier_service_pb2 as pb

from sandbox import seed
from sandbox.institutions.answering import Source
from sandbox.institutions.enterprises import enterprise_answers
from sandbox.institutions.errors import PersonaUnusable
from services.identification.load import extract

ANSWER = "answers: [{place: '12.0', contract: WITHHOLDING_DUTY, result: {}}]"


def test_every_answer_is_about_an_enterprise_and_no_person():
    listed = list(enterprise_answers())

    assert listed
    assert all(one.cbe_number and not one.ssin for one in listed)


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ("cbe_number: '0999999131'", "enterprises.0.cbe_number"),
        ("cbe_number: '2999998479'", "enterprises.0.cbe_number"),
        ("cbe_number: '12'", "enterprises.0.cbe_number"),
        ("name: x", "enterprises.0.cbe_number"),
    ],
)
def test_what_is_no_enterprise_is_named(tmp_path, written, where):
    path = tmp_path / "enterprises.yaml"
    path.write_text(f"enterprises: [{{{written}, about: x, {ANSWER}}}]")

    with pytest.raises(PersonaUnusable, match=where):
        list(enterprise_answers(path))


def test_a_source_repeats_the_enterprise_that_was_asked():
    source = Source("12.0", enterprise_answers())
    questions = [
        pb.Question(data_contract="WITHHOLDING_DUTY", cbe_number=number)
        for number in ("0999999229", "0999999427")
    ]

    answer = pb.AnswerResponse.FromString(source.respond(pb.AnswerRequest(questions=questions)))

    assert [one.status.code for one in answer.answers] == ["MSG00000", "MSG00100"]
    assert [one.cbe_number for one in answer.answers] == ["0999999229", "0999999427"]
    assert not any(one.HasField("ssin") for one in answer.answers)


def test_an_extract_of_ones_own_finds_no_later_one():
    days = [*seed.enterprises()]

    assert days == sorted(days)
    assert days[-1] < "2025-10"
    for day, folder in seed.enterprises().items():
        assert extract.read(folder).day == date.fromisoformat(day)
