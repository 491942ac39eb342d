"""Every text and every attribute of every reference file is in what the readers make of it."""

import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from cbss.data.v1 import handicap_pb2

from services.official.envelope import read
from services.official.forms import forms
from tests.services.official import flat
from tests.support import reference

# Names of the official forms that are not those of the messages, with what stands around them.
# What is not listed is the same word in snake case.
RENAMED = [
    (r"/handicapRecognitions\[\d+\]/handicapRecognition", "/handicap_recognitions"),
    (r"/socialCards\[\d+\]/socialCard", "/social_cards"),
    (r"/streetName", "/street_names"),
    (r"/cityName", "/city_names"),
    (r"/countryName", "/country_names"),
    (r"/address\[0\]@class", "/address[0]/kind[0]"),
    (r"@language", "/language[0]"),
    (r"(/(?:street|city|country)_names\[\d+\])$", r"\1/text[0]"),
    (r"(?i)/(total)?MonthAmount\b", r"/\1_month_amount_eurocents"),
    (r"/categoryIVT", "/category_ivt"),
    (r"/categoryIT", "/category_it"),
    (r"/lowerLimbs50p", "/lower_limbs_50p"),
    (r"/Leefloonbedrag(?!en)", "/years"),
    (r"/Tegemoetkoming\[0\]", ""),
    (r"/Jaarlijks\[0\]@Jaar", "/total[0]/year[0]"),
    (r"/Jaarlijks\[0\]/Leefloon\[0\]", "/total[0]"),
    (r"/Maandelijks\[0\]/Maand", "/months"),
    (r"@JaarMaand", "/year_month[0]"),
    (r"/LeefloonPerPeriode\[0\]@LaatsteUitbetaling", "/last_payment[0]"),
    (r"/LeefloonPerPeriode\[0\]/LeefloonPeriode", "/periods"),
    (r"@ID", "/id[0]"),
    (r"/Uitbetaling\[0\]@Beschrijving", "/payout[0]/description[0]"),
    (r"/Uitbetaling\[0\]$", "/payout[0]/code[0]"),
    (r"/Jaar\[", "/year["),
    (r"/Bedrag\[", "/amount_eurocents["),
    (r"/TweedeGerechtigde", "/second_beneficiary"),
    (r"/AantalMaandenZonderToelage", "/months_without_allowance"),
    (r"/MaximumLeefloonGekregen", "/maximum_received"),
    (r"/Periode\[0\]/(Begin|Einde)\[", r"/period[0]/\1["),
    (r"/Begunstigde\[0\]/INSZ", "/beneficiary_ssin"),
    (r"/Partner\[0\]/INSZ", "/partner_ssin"),
    (r"/OCMW\[0\]/Ondernemingsnummer", "/welfare_centre[0]/cbe_number"),
    (r"/OCMW\[0\]/Bestand", "/welfare_centre[0]/file"),
    (r"/OCMW\[0\]/Suffix", "/welfare_centre[0]/suffix"),
    (r"/SociaalStatuut\[", "/statuses["),
    (r"/Naam\[", "/name["),
    (r"/Resultaat\[0\]/Code", "/result"),
    (r"/Resultaat\[0\]/Omschrijving", "/result_description"),
    (r"/Periodes\[0\]/Periode", "/periods"),
    (r"/(Begindatum|Begin)\[", "/begin_date["),
    (r"/(Einddatum|Einde)\[", "/end_date["),
    (r"/Status\[0\]/Code", "/status[0]/code"),
    (r"/Status\[0\]/Waarde", "/status[0]/description"),
]
WORDS = {
    "belgianAddress": "ADDRESS_KIND_BELGIAN",
    "NL": "LANGUAGE_NL",
    "FR": "LANGUAGE_FR",
    "DE": "LANGUAGE_DE",
}
RESULT_WORDS = {"1": "SOCIAL_STATUS_RESULT_APPLIES", "0": "SOCIAL_STATUS_RESULT_DOES_NOT_APPLY"}
SOURCES = {
    "dgphResult": "HANDICAP_SOURCE_DGPH",
    "irisCareResult": "HANDICAP_SOURCE_IRIS_CARE",
    "aviqResult": "HANDICAP_SOURCE_AVIQ",
    "dslResult": "HANDICAP_SOURCE_DSL",
}


BY_PATH = ("HANDICAP", "LIVING_WAGE", "SOCIAL_STATUS")
"""Compared leaf by leaf under the paths that the names above tell; all are by value."""


def answers(form):
    """Every official answer of a form, with its content as another library reads it."""
    paths = sorted((reference.folder() / "messages" / form.folder).glob("*.xml"))
    assert paths
    for path in paths:
        root = ElementTree.parse(path).getroot()
        content = root.find("Repliek/Antwoorden/Antwoord/Inhoud")
        yield path, root, content, read(path.read_bytes(), form)


def expected_path(path):
    for pattern, replacement in RENAMED:
        path = re.sub(pattern, replacement, path)
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", path).lower().replace("/_", "/")


def same(path, written, held):
    if path.endswith("/result[0]"):
        return RESULT_WORDS[written] == held
    if path.endswith("_eurocents[0]"):
        return round(float(written) * 100) == int(held)
    if held in ("True", "False"):
        return (written in ("true", "1")) == (held == "True")
    return WORDS.get(written, written) == held


def assert_all_held(element, message):
    written = {expected_path(path): text for path, text in flat.of_element(element)}
    assert len(written) == len(list(flat.of_element(element)))
    held = dict(flat.of_message(message))
    # A field that is never absent does not show its zero.
    lost = [
        path
        for path, text in written.items()
        if not same(path, text, held.get(path, "0" if path.endswith("_eurocents[0]") else ""))
    ]

    assert lost == []
    assert sorted(held) == sorted(written)


def one(root, name):
    found = [element for element in root.iter() if element.tag.rpartition("}")[2] == name]
    return found[0] if found else None


def spellings(text):
    """How a value that is written so can stand in a message."""
    yield text
    yield {"true": "True", "1": "True", "false": "False", "0": "False"}.get(text, text)
    yield WORDS.get(text, WORDS.get(text.upper(), text))
    if re.fullmatch(r"-?\d+\.\d{2}", text):
        yield str(int(text.replace(".", "")))
    if text.isdecimal():
        yield str(int(text))


@pytest.mark.parametrize("form", forms().values(), ids=forms())
def test_everything_around_the_content_is_in_the_envelope(form):
    for _, root, content, official in answers(form):
        assert_envelope_held(root, content, official)


def assert_envelope_held(root, content, official):
    around = list(root.find("Repliek").iterfind("Context"))
    texts = [text for element in around for _, text in flat.of_element(element)]
    answer = root.find("Repliek/Antwoorden/Antwoord/Referte")
    texts += [] if answer is None else [answer.text]
    assert [text for _, text in official.information] == texts
    exceptions = list(root.iter("Uitzondering"))
    facts = [[text for _, text in flat.of_element(element)] for element in exceptions]
    told = [[text for pair in exception for text in pair] for exception in official.exceptions]
    for wanted, given in zip(facts, told, strict=True):
        assert not set(wanted) - set(given)
    sender = root.findtext("Repliek/Context/Bericht/Afzender/Referte")
    for one in official.results:
        assert one.information.ticket == sender
        assert one.information.replied_at.seconds
        assert (one.result is None) == (one.status.code != "MSG00000")
    if content is None:
        assert {one.result for one in official.results} == {None}


@pytest.mark.parametrize("form", forms().values(), ids=forms())
def test_every_value_of_the_content_is_held_and_nothing_is_left(form):
    lost = {
        path.name: list(lost_of(content, official)) for path, _, content, official in answers(form)
    }

    assert {name: where for name, where in lost.items() if where} == {}


def lost_of(content, official):
    held = Counter([official.ssin, *official.filtered])
    for one in official.results:
        held.update(text for _, text in flat.of_message(one.result or one.status))
        assert one.left == ()
    for status in [one.status for one in official.results] + [official.status]:
        told = [] if status is None else flat.of_message(status)
        held.update(text.removeprefix("STATUS_VALUE_") for _, text in told)
    for where, text in [] if content is None else flat.of_element(content):
        found = next((one for one in spellings(text) if held[one]), None)
        held[found] -= 1
        if found is None:
            yield where


@pytest.mark.parametrize("contract", BY_PATH)
def test_everything_in_the_content_is_in_the_message_where_it_belongs(contract):
    form = forms()[contract]
    for _, root, content, official in answers(form):
        assert_content_held(form, root, content, official)


def assert_content_held(form, root, content, official):
    if content is None:
        assert {result.result for result in official.results} == {None}
    elif form.contract == "HANDICAP":
        assert_handicap_held(one(root, "ConsultFilesByDateResponse"), official)
    elif form.contract == "LIVING_WAGE":
        assert_all_held(one(root, "Leefloonbedragen"), official.results[0].result)
    else:
        statuses = official.results[0].result
        assert statuses.ssin == one(root, "INSZ").text
        statuses.ClearField("ssin")
        for status in statuses.statuses:
            status.ClearField("result_code")
        assert [child.tag for child in one(root, "Persoon")] == ["INSZ", "SocialeStatuten"]
        assert_all_held(one(root, "SocialeStatuten"), statuses)


def assert_handicap_held(response, official):
    assert {child.tag for child in response} <= {"status", "ssin", "dataFilters", "results"}
    assert official.ssin == (response.findtext("ssin") or "")
    assert_status_held(response.find("status"), official.status)
    assert list(official.filtered) == [e.text for e in response.iter("filteredElement")]
    results = list(response.find("results"))
    assert [SOURCES[element.tag] for element in results] == [r.source for r in official.results]
    for element, result in zip(results, official.results, strict=True):
        assert {child.tag for child in element} <= {"status", "file"}
        assert_status_held(element.find("status"), result.status)
        file = element.find("file")
        assert (file is None) == (result.result is None)
        if file is not None:
            assert isinstance(result.result, handicap_pb2.HandicapFile)
            assert_all_held(file, result.result)


def assert_status_held(element, status):
    written = {expected_path(path): text for path, text in flat.of_element(element)}
    held = dict(flat.of_message(status))
    held["/value[0]"] = held["/value[0]"].removeprefix("STATUS_VALUE_")
    # What was warned of around the content is said behind what the status itself says.
    assert written.items() <= held.items()


def test_days_that_no_calendar_has_survive():
    path = reference.folder() / "messages" / "living_wage" / "67722499797.xml"

    official = read(path.read_bytes(), forms()["LIVING_WAGE"])

    held = [value for name, value in flat.of_message(official.results[0].result) if "date" in name]
    assert "2023-11-31" in held


def test_a_person_who_has_another_number_is_told_so():
    path = reference.folder() / "messages" / "person" / "75680836687.xml"

    (answer,) = read(path.read_bytes(), forms()["LEGAL_PERSON_DATA"]).results

    said = {fact.field_name: fact.field_value for fact in answer.status.information}
    assert answer.result.ssin == said["Oud INSZ"] == path.stem
    assert said["Nieuw INSZ"] != path.stem
