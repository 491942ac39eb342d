"""What an answer holds that nobody has shown yet: every lexical form, wrapping and outcome."""

import pytest
from cbss.common.v1 import status_pb2
from google.protobuf import json_format

from services.official.envelope import read
from services.official.errors import (
    ContentUnknown,
    ElementMissing,
    ElementRepeated,
    MarkupUnreadable,
    TextUnreadable,
    Unreadable,
)
from services.official.forms import forms

ANSWER = "<Antwoorden><Antwoord>{}</Antwoord></Antwoorden>"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
FOUND = "<status><value>DATA_FOUND</value><code>MSG00000</code></status>"


def official(contract, text):
    written = f"<r {XSI}><Repliek>{text}</Repliek></r>"
    return read(written.encode(), forms()[contract])


def content(contract, text):
    return official(contract, ANSWER.format(f"<Inhoud>{text}</Inhoud>"))


def wages(year):
    inside = f"<Leefloonbedragen><Leefloonbedrag>{year}</Leefloonbedrag></Leefloonbedragen>"
    (answer,) = content("LIVING_WAGE", inside).results
    return answer


def bank(inside, results=""):
    whole = f"{inside}<results>{results}</results>" if results else inside
    return f"<ConsultFilesByDateResponse>{whole}</ConsultFilesByDateResponse>"


def file(inside):
    result = f"<dgphResult>{FOUND}<file>{inside}</file></dgphResult>"
    (answer,) = content("HANDICAP", bank(FOUND, result)).results
    return answer


def exception(identification, more=""):
    one = f"<Identificatie>{identification}</Identificatie>{more}"
    return f"<Uitzonderingen><Uitzondering>{one}</Uitzondering></Uitzonderingen>"


def facts(status):
    return {one.field_name: one.field_value for one in status.information}


@pytest.mark.parametrize(
    ("identification", "more", "value", "code"),
    [
        ("30001", "", status_pb2.STATUS_VALUE_NO_DATA_FOUND, "MSG00100"),
        ("30002", "", status_pb2.STATUS_VALUE_NO_RESULT, "MSG00005"),
        ("30003", "", status_pb2.STATUS_VALUE_NO_RESULT, "MSG00005"),
        ("30004", "", status_pb2.STATUS_VALUE_NO_RESULT, "MSG00006"),
        ("99994", "", status_pb2.STATUS_VALUE_TECHNICAL_ERROR, "99994"),
        ("99995", "", status_pb2.STATUS_VALUE_TECHNICAL_ERROR, "99995"),
        ("99996", "", status_pb2.STATUS_VALUE_TECHNICAL_ERROR, "99996"),
        ("40000", "<Type>FOUT</Type>", status_pb2.STATUS_VALUE_TECHNICAL_ERROR, "40000"),
        ("45008", "<Type>INFORMATIE</Type>", status_pb2.STATUS_VALUE_NO_DATA_FOUND, "45008"),
    ],
)
@pytest.mark.parametrize("around", ["{}", ANSWER])
def test_an_exception_is_an_outcome(identification, more, value, code, around):
    (answer,) = official("LIVING_WAGE", around.format(exception(identification, more))).results

    assert (answer.status.value, answer.status.code, answer.result) == (value, code, None)
    assert facts(answer.status)["Identificatie"] == identification


def test_a_cancelled_number_and_a_new_one_are_told():
    note = "<Annotatie><Naam>Nieuw INSZ</Naam><Waarde>71713000318</Waarde></Annotatie>"
    (replaced,) = official(
        "LIVING_WAGE", exception("30004", f"<Annotaties>{note}</Annotaties>")
    ).results
    (cancelled,) = official("LIVING_WAGE", exception("30002")).results

    assert facts(replaced.status)["newSSIN"] == "71713000318"
    assert facts(cancelled.status)["canceled"] == "true"


def test_a_failure_of_the_source_is_told_in_its_own_words():
    said = exception("99996", "<Diagnose>Te veel bevragingen</Diagnose>")

    (answer,) = official("LIVING_WAGE", said).results

    assert (answer.status.code, answer.status.description) == ("99996", "Te veel bevragingen")


def test_the_gravest_of_several_exceptions_counts_and_all_are_told():
    warned = exception("99984", "<Type>WAARSCHUWING</Type>").removesuffix("</Uitzonderingen>")
    failed = exception("99996", "<Type>FOUT</Type>").removeprefix("<Uitzonderingen>")

    (answer,) = official("LIVING_WAGE", warned + failed).results

    assert answer.status.code == "99996"
    assert [one.field_value for one in answer.status.information] == ["99996", "99984"]


def test_an_exception_without_content_is_that_of_every_source():
    answers = official("HANDICAP", exception("99994")).results

    assert len(answers) == len(forms()["HANDICAP"].sources)
    assert {one.status.code for one in answers} == {"99994"}


@pytest.mark.parametrize(
    "around", ["{}", "<s:Envelope xmlns:s='s'><s:Body>{}</s:Body></s:Envelope>"]
)
def test_an_answer_of_the_bank_itself_is_read(around):
    supplier = "<informationSupplier><ticket>T-1</ticket></informationSupplier>"
    result = f"<dgphResult>{supplier}{FOUND}<file/></dgphResult>"
    written = bank(f"<informationCBSS><ticketCBSS>c</ticketCBSS></informationCBSS>{FOUND}", result)

    whole = read(around.format(written).encode(), forms()["HANDICAP"])

    (answer,) = whole.results
    assert answer.information.ticket == "T-1"
    assert answer.result is not None
    assert ("informationCBSS/ticketCBSS", "c") in whole.information


def test_a_fault_of_the_bank_is_a_failure_with_its_reason():
    fault = "<detail><reasonCode>MSG1</reasonCode><diagnostic>It broke</diagnostic></detail>"

    answers = read(f"<Fault>{fault}</Fault>".encode(), forms()["HANDICAP"]).results

    assert {(one.status.code, one.status.description) for one in answers} == {("MSG1", "It broke")}


def test_one_outcome_can_stand_in_place_of_all_results():
    said = "<information><fieldName>newSSIN</fieldName><fieldValue>7</fieldValue></information>"
    status = f"<status><value>NO_RESULT</value><code>MSG00006</code>{said}</status>"

    answers = content("HANDICAP", bank(status)).results

    assert {(one.status.code, facts(one.status)["newSSIN"]) for one in answers} == {
        ("MSG00006", "7")
    }
    assert len(answers) == len(forms()["HANDICAP"].sources)


def test_data_found_without_a_file_stays_so():
    (answer,) = content("HANDICAP", bank(FOUND, f"<aviqResult>{FOUND}</aviqResult>")).results

    assert (answer.source, answer.status.code) == ("HANDICAP_SOURCE_AVIQ", "MSG00000")
    assert answer.result is None


def test_a_replaced_number_is_told_with_every_source():
    number = '<ssin canceled="true" replacedBy="71713000318">99600000470</ssin>'
    result = f"<dgphResult>{FOUND}</dgphResult>"

    whole = content("HANDICAP", bank(f"{FOUND}{number}", result))

    assert whole.ssin == "99600000470"
    assert facts(whole.status)["replacedBy"] == "71713000318"


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("154.65", 15465),
        ("+1.00", 100),
        (".65", 65),
        ("-3", -300),
        ("09", 900),
        ("1.", 100),
        ("0.00", 0),
        ("1.500", 150),
    ],
)
def test_every_way_to_write_an_amount_is_exact(written, cents):
    right = file(f"<rights><monthAmount>{written}</monthAmount></rights>").result.rights[0]

    assert right.month_amount_eurocents == cents


@pytest.mark.parametrize(
    "written", ["2020-09-04", "2020-09-04Z", "2020-09-04+02:00", "2020-09-04T00:00:00"]
)
def test_every_way_to_write_a_day_is_that_day(written):
    day = f"<socialCards><socialCard><endDate>{written}</endDate></socialCard></socialCards>"

    end = file(day).result.social_cards[0].end_date

    assert (end.year, end.month, end.day) == (2020, 9, 4)


def test_whole_numbers_may_begin_with_zeros_and_flags_be_digits():
    scores = "<mobility>03</mobility>"
    adult = f"<resultRecognitionAdult><diminuationIndependence>{scores}</diminuationIndependence>"
    more = "<diminuationEarnings> 1 </diminuationEarnings></resultRecognitionAdult>"
    recognition = f"<handicapRecognition>{adult}{more}</handicapRecognition>"

    (answer,) = file(
        f"<handicapRecognitions>{recognition}</handicapRecognitions>"
    ).result.handicap_recognitions

    assert answer.result_recognition_adult.diminuation_independence.mobility == 3
    assert answer.result_recognition_adult.diminuation_earnings is True


@pytest.mark.parametrize("empty", ["", "<Bedrag/>", '<Bedrag xsi:nil="true"/>'])
def test_what_has_no_value_is_absent(empty):
    text = f"<Jaar>2021</Jaar><Tegemoetkoming><Jaarlijks Jaar='2021'><Leefloon>{empty}</Leefloon>"

    total = wages(f"{text}</Jaarlijks></Tegemoetkoming>").result.years[0].total

    assert total.year == 2021
    assert not total.HasField("amount_eurocents")


def test_a_year_in_which_nothing_was_paid_has_no_total():
    text = '<Jaar>2021</Jaar><Uitbetaling Beschrijving="Geen uitbetaling">0</Uitbetaling>'

    assert not wages(text).result.years[0].HasField("total")


def test_what_is_equivalent_to_a_living_wage_and_child_benefit_have_places_of_their_own():
    sums = "".join(
        f"<{name}><Bedrag>{amount}</Bedrag></{name}>"
        for name, amount in (("Leefloon", 1), ("EquivalentLeefloon", 2), ("Kinderbijslag", 3))
    )
    period = (
        '<EquivalentLeefloonPeriode ID="a"><Categorie>2</Categorie></EquivalentLeefloonPeriode>'
    )
    month = f"<EquivalentLeefloonPerPeriode>{period}</EquivalentLeefloonPerPeriode>"
    months = f'<Maandelijks><Maand JaarMaand="2021-01">{month}</Maand></Maandelijks>'
    text = f"<Tegemoetkoming><Jaarlijks Jaar='2021'>{sums}</Jaarlijks>{months}</Tegemoetkoming>"

    answer = wages(text)

    year = answer.result.years[0]
    totals = (year.total, year.equivalent_total, year.child_benefit_total)
    assert [one.amount_eurocents for one in totals] == [100, 200, 300]
    assert year.months[0].equivalent_periods[0].category.code == "2"
    assert answer.left == ()


def test_the_source_of_a_person_may_speak_in_comments_and_other_encodings():
    text = "<r><Repliek><Antwoorden><Antwoord><Inhoud><Persoon><Naam><Achternamen><Achternaam>Gé"
    text += "<!-- -->rard</Achternaam></Achternamen><Voornamen><Voornaam GebruikelijkeVoornaam='1'>"
    text += "An</Voornaam></Voornamen></Naam></Persoon></Inhoud></Antwoord></Antwoorden></Repliek>"
    written = f'<?xml version="1.0" encoding="ISO-8859-1"?>{text}</r>'.encode("latin-1")

    (answer,) = read(written, forms()["LEGAL_PERSON_DATA"]).results

    assert answer.result.name.last_name == "Gérard"
    assert list(answer.result.name.first_names) == ["An"]
    assert answer.result.name.given_names[0].usual is True


def test_what_the_contract_has_no_place_for_is_named_and_the_rest_is_read():
    right = "<legislation>3</legislation><newAmount>1</newAmount>"

    answer = file(f'<rights>{right}</rights><cards class="x"/>')

    assert answer.result.rights[0].legislation == "3"
    assert answer.left == ("rights.newAmount", "cards")
    assert answer.elements[0].startswith("dgphResult/file/rights/newAmount, line ")


def test_a_word_that_the_list_does_not_have_is_named():
    address = "<address class='lunarAddress'><box>3B</box></address>"

    answer = file(f"<addressHandicappedPerson>{address}</addressHandicappedPerson>")

    assert answer.result.address_handicapped_person.address.box == "3B"
    assert answer.left == ("address_handicapped_person.address.kind",)


def test_a_result_of_a_status_that_is_not_listed_keeps_its_code():
    status = "<SociaalStatuut><Naam>N</Naam><Resultaat><Code>7</Code></Resultaat></SociaalStatuut>"
    text = f"<Persoon><SocialeStatuten>{status}</SocialeStatuten></Persoon>"

    (answer,) = content("SOCIAL_STATUS", text).results

    assert json_format.MessageToDict(answer.result) == {
        "statuses": [{"name": "N", "resultCode": "7"}]
    }


def test_warnings_of_a_household_are_its_anomalies():
    member = "<Gezinslid><INSZ>71713000318</INSZ></Gezinslid>"
    members = f"<Inhoud><Gezinsleden>{member}</Gezinsleden></Inhoud>"
    warned = exception("40108", "<Type>WAARSCHUWING</Type>")

    (answer,) = official("FAMILY_COMPOSITION", ANSWER.format(members + warned)).results

    assert list(answer.result.anomalies) == ["40108"]
    assert answer.status.code == "MSG00000"


AMOUNT = "<rights><monthAmount>{}</monthAmount></rights>"


@pytest.mark.parametrize(
    ("read_it", "kind", "where"),
    [
        (lambda: wages("<Jaar>2022</Jaar><Jaar>2023</Jaar>"), ElementRepeated, "/Jaar"),
        (lambda: wages("<Jaar>last</Jaar>"), TextUnreadable, "/Jaar"),
        (lambda: file(AMOUNT.format("1,5")), TextUnreadable, "rights/monthAmount"),
        (lambda: file(AMOUNT.format("1.234")), TextUnreadable, "rights/monthAmount"),
        (lambda: content("HANDICAP", "<Persoon/>"), ContentUnknown, "Inhoud/Persoon"),
        (lambda: official("LIVING_WAGE", ""), ElementMissing, "Uitzondering"),
        (lambda: read(b"<other/>", forms()["HANDICAP"]), ContentUnknown, "other"),
        (lambda: read(b"<r><Repliek>", forms()["HANDICAP"]), MarkupUnreadable, "line 1"),
        (lambda: read(b"", forms()["HANDICAP"]), MarkupUnreadable, ""),
        (
            lambda: content("HANDICAP", bank(FOUND, "<dgphResult/>")),
            ElementMissing,
            "dgphResult/status",
        ),
    ],
)
def test_what_cannot_be_understood_fails_and_is_named(read_it, kind, where):
    with pytest.raises(kind) as refused:
        read_it()

    assert where in str(refused.value)


@pytest.mark.parametrize(
    "declared", ['<!DOCTYPE r [<!ENTITY e "e">]>', '<!DOCTYPE r SYSTEM "file:///etc/hostname">']
)
def test_a_document_that_declares_entities_is_refused(declared):
    written = f"{declared}<r><Repliek>&e;</Repliek></r>"

    with pytest.raises(MarkupUnreadable):
        read(written.encode(), forms()["HANDICAP"])


def test_a_failure_tells_the_element_and_its_line_and_not_its_text():
    with pytest.raises(Unreadable) as refused:
        wages("\n<Jaar>of Amina</Jaar>")

    assert "Amina" not in str(refused.value)
    assert "Jaar, line 2" in str(refused.value)
