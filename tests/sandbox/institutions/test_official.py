"""What the readers refuse, and which outcome an exception is."""

import pytest
from cbss.common.v1 import status_pb2

from sandbox.institutions.errors import (
    ElementMissing,
    ElementRepeated,
    ElementUnknown,
    ExceptionUnknown,
    TextUnreadable,
)
from sandbox.institutions.official import handicap, living_wage, social_status
from sandbox.institutions.official.envelope import read
from tests.sandbox.institutions.examples import written

ANSWER = "<Antwoorden><Antwoord>{}</Antwoord></Antwoorden>"


def wages(year):
    inside = f"<Leefloonbedragen><Leefloonbedrag>{year}</Leefloonbedrag></Leefloonbedragen>"
    return ANSWER.format(f"<Inhoud>{inside}</Inhoud>")


def file(content):
    status = "<status><value>DATA_FOUND</value><code>MSG00000</code></status>"
    result = f"<dgphResult>{status}<file>{content}</file></dgphResult>"
    inside = f"<ConsultFilesByDateResponse><results>{result}</results></ConsultFilesByDateResponse>"
    return ANSWER.format(f"<Inhoud>{inside}</Inhoud>")


def exception(identification):
    one = f"<Uitzondering><Identificatie>{identification}</Identificatie></Uitzondering>"
    return f"<Uitzonderingen>{one}</Uitzonderingen>"


@pytest.mark.parametrize(
    ("identification", "value", "code"),
    [
        ("30001", status_pb2.STATUS_VALUE_NO_DATA_FOUND, "MSG00100"),
        ("30003", status_pb2.STATUS_VALUE_NO_RESULT, "MSG00005"),
        ("99994", status_pb2.STATUS_VALUE_TECHNICAL_ERROR, "99994"),
        ("99995", status_pb2.STATUS_VALUE_TECHNICAL_ERROR, "99995"),
        ("99996", status_pb2.STATUS_VALUE_TECHNICAL_ERROR, "99996"),
    ],
)
@pytest.mark.parametrize("around", ["{}", ANSWER])
def test_an_exception_is_an_outcome(tmp_path, identification, value, code, around):
    path = written(tmp_path, around.format(exception(identification)))

    official = read(path, living_wage.content)

    (result,) = official.results
    assert (result.status.value, result.status.code, result.result) == (value, code, None)
    assert result.status.information[0].field_value == identification


def test_a_failure_of_the_source_is_told_in_its_own_words(tmp_path):
    said = "<Identificatie>99996</Identificatie><Diagnose>Te veel bevragingen</Diagnose>"
    one = f"<Uitzonderingen><Uitzondering>{said}</Uitzondering></Uitzonderingen>"

    (result,) = read(written(tmp_path, one), living_wage.content).results

    assert (result.status.code, result.status.description) == ("99996", "Te veel bevragingen")


def test_a_box_is_read_under_either_name(tmp_path):
    for name in ("box", "boxNumber"):
        address = f"<address><houseNumber>1</houseNumber><{name}>3B</{name}></address>"
        content = f"<addressHandicappedPerson>{address}</addressHandicappedPerson>"

        (result,) = read(written(tmp_path, file(content)), handicap.content).results

        assert result.result.address_handicapped_person.address.box == "3B"


@pytest.mark.parametrize(
    ("year", "told"),
    [
        ("<Jaarlijks Jaar='2021'/>", None),
        ("<Jaarlijks Jaar='2021'><Leefloon/></Jaarlijks>", None),
        ("<Jaarlijks Jaar='2021'><Leefloon><Bedrag>0.00</Bedrag></Leefloon></Jaarlijks>", 0),
    ],
)
def test_a_year_without_living_wage_has_no_amount_rather_than_nothing(tmp_path, year, told):
    text = wages(f"<Jaar>2021</Jaar><Tegemoetkoming>{year}</Tegemoetkoming>")

    (result,) = read(written(tmp_path, text), living_wage.content).results

    total = result.result.years[0].total
    amount = total.amount_eurocents if total.HasField("amount_eurocents") else None
    assert amount == told


def test_a_year_in_which_nothing_was_paid_has_no_total(tmp_path):
    text = wages('<Jaar>2021</Jaar><Uitbetaling Beschrijving="Geen uitbetaling">0</Uitbetaling>')

    (result,) = read(written(tmp_path, text), living_wage.content).results

    assert not result.result.years[0].HasField("total")


@pytest.mark.parametrize(
    ("content", "text", "kind", "where"),
    [
        (living_wage, wages("<Maand/>"), ElementUnknown, "Leefloonbedrag/Maand"),
        (living_wage, wages('<Jaar bron="x">1</Jaar>'), ElementUnknown, "Jaar/@bron"),
        (living_wage, wages("<Jaar>1<Dag/></Jaar>"), ElementUnknown, "Jaar/Dag"),
        (living_wage, wages("2023"), ElementUnknown, "Leefloonbedrag/#"),
        (living_wage, wages("<Jaar>2022</Jaar><Jaar>2023</Jaar>"), ElementRepeated, "/Jaar"),
        (living_wage, wages("<Jaar>02023</Jaar>"), TextUnreadable, "/Jaar"),
        (handicap, file("<evolution/>"), ElementUnknown, "file/evolution"),
        (handicap, file("<rights><monthAmount>1,5</monthAmount></rights>"), TextUnreadable, "Amo"),
        (
            handicap,
            file("<rights><period><beginDate>today</beginDate></period></rights>"),
            TextUnreadable,
            "rights/period/beginDate",
        ),
        (social_status, wages("<Jaar>2023</Jaar>"), ElementUnknown, "Inhoud/Leefloonbedragen"),
        (handicap, wages("<Jaar>2023</Jaar>"), ElementUnknown, "Inhoud/Leefloonbedragen"),
        (living_wage, file(""), ElementUnknown, "Inhoud/ConsultFilesByDateResponse"),
        (living_wage, "<Bijlage/>", ElementUnknown, "Repliek/Bijlage"),
        (living_wage, "<Context><Taal>nl</Taal></Context>", ElementUnknown, "Context/Taal"),
        (living_wage, '<Context taal="nl"/>', ElementUnknown, "Context/@taal"),
        (living_wage, "<Uitzonderingen><Fout/></Uitzonderingen>", ElementUnknown, "Fout"),
        (living_wage, exception("12345"), ExceptionUnknown, "Identificatie"),
        (living_wage, "", ElementMissing, "Uitzondering"),
        (
            handicap,
            ANSWER.format(
                "<Inhoud><ConsultFilesByDateResponse><results><dgphResult/></results>"
                "</ConsultFilesByDateResponse></Inhoud>"
            ),
            ElementMissing,
            "dgphResult/status",
        ),
        (
            handicap,
            ANSWER.format(
                "<Inhoud><ConsultFilesByDateResponse><results><vsbResult/></results>"
                "</ConsultFilesByDateResponse></Inhoud>"
            ),
            ElementUnknown,
            "results/vsbResult",
        ),
    ],
)
def test_what_has_no_place_fails_loudly_and_is_named(tmp_path, content, text, kind, where):
    path = written(tmp_path, text)

    with pytest.raises(kind) as refused:
        read(path, content.content)

    assert where in str(refused.value)


def test_a_failure_tells_the_element_and_not_its_text(tmp_path):
    path = written(tmp_path, wages("<Jaar>of Amina</Jaar>"))

    with pytest.raises(TextUnreadable) as refused:
        read(path, living_wage.content)

    assert "Amina" not in str(refused.value)
