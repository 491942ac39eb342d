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
        ("99995", status_pb2.STATUS_VALUE_TECHNICAL_ERROR, "CBSS20001"),
    ],
)
@pytest.mark.parametrize("around", ["{}", ANSWER])
def test_an_exception_is_an_outcome(tmp_path, identification, value, code, around):
    path = written(tmp_path, around.format(exception(identification)))

    official = read(path, living_wage.content)

    (result,) = official.results
    assert (result.status.value, result.status.code, result.result) == (value, code, None)
    assert result.status.information[0].field_value == identification


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
