"""What a person is told beside his data: all that article 15 asks for, as it holds on the day."""

from copy import deepcopy
from datetime import date

import pytest
import yaml

from pages.extract import as_json
from pages.extract.beside import CODES, File, beside, choose_told
from pages.extract.page import as_page
from services.concepts.dated import NothingInForce
from services.concepts.retention import retentions
from tests.architecture.project import ROOT
from tests.pages.extracts import Page, whole

TODAY = date(2026, 11, 25)
YEARS = {"retention": 31, "error_reports": 32, "decisions": 33}


@pytest.fixture
def held():
    text = (ROOT / "pages/data/article15.yaml").read_text("utf-8")
    return deepcopy(yaml.safe_load(text))


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_a_page_tells_everything_that_article_15_asks_for(language):
    page = Page(as_page(whole(), language))

    told = beside(TODAY)
    assert [one.code for one in told] == list(CODES)
    assert {one.article for one in told} >= {
        *(f"15, 1, {letter}" for letter in "abcdefgh"),
        "15, 2",
    }
    for one in told:
        assert one.title[language] in page.text
        assert one.text[language] in page.text


def test_the_file_for_programs_tells_it_too_with_its_source_and_since_when():
    told = yaml.safe_load(as_json(whole()))["article15"]

    assert [one["code"] for one in told] == list(CODES)
    assert all(one["source"] and one["from"] >= "2018-05-25" for one in told)


def test_for_how_long_something_is_kept_comes_from_the_rules_of_the_trail(held):
    [kept] = [one for one in beside(TODAY) if one.code == "STORAGE"]
    [other] = [
        one for one in choose_told(File.model_validate(held), TODAY, YEARS) if one.code == "STORAGE"
    ]

    [trail] = retentions()
    assert f": {trail.years} jaar" in kept.text["nl"]
    for years in YEARS.values():
        assert all(str(years) in said for said in other.text.values())


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_a_page_tells_how_to_report_an_error_and_whom_to_write_to(language):
    text = Page(as_page(whole(), language)).text

    for told in ("cbss citizen report", "38, 1000 Br", "35, 1000 Br"):
        assert told in text


def test_of_several_texts_the_latest_that_has_begun_is_told(held):
    later = deepcopy(held["items"][0])
    later["from"], later["text"]["nl"] = date(2027, 1, 1), "later"
    held["items"].insert(0, later)

    before, after = (
        choose_told(File.model_validate(held), TODAY, YEARS),
        choose_told(File.model_validate(held), date(2027, 1, 1), YEARS),
    )

    assert (before[0].text["nl"] != "later", after[0].text["nl"]) == (True, "later")


@pytest.mark.parametrize("spoil", ["lacking", "not begun", "unknown", "no German"])
def test_a_file_that_does_not_tell_all_is_refused(held, spoil):
    first = held["items"][0]
    match spoil:
        case "lacking":
            held["items"].remove(first)
        case "not begun":
            first["from"] = date(2027, 1, 1)
        case "unknown":
            held["items"].append({**deepcopy(first), "code": "ELSE"})
        case "no German":
            del first["text"]["de"]

    with pytest.raises((ValueError, NothingInForce), match=r".+"):
        choose_told(File.model_validate(held), TODAY, YEARS)
