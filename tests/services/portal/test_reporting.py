"""Reporting an error from the page on which it is seen, step by step and without a script."""

import re

import pytest

from tests.services.portal.conftest import MARC, OTHER

pytestmark = pytest.mark.redis
DATUM = "HANDICAP 0899990843"


async def begun(world, person=MARC):
    browser = world.browser()
    await browser.sign_in(person, "/nl/me/report")
    return browser


def whole(browser, **changed):
    told = {
        "form_key": browser.form_key,
        "datum": DATUM,
        "step": "2",
        "field": "handicap_recognitions.legislation",
        "claim": "ERROR_CLAIM_OUTDATED",
    }
    return told | changed


async def test_who_reports_chooses_the_data_then_the_part_and_sends_it(world):
    browser = await begun(world)

    second = await browser.post("/nl/me/report", {"form_key": browser.form_key, "datum": DATUM})
    options = re.findall(r'<option value="([a-z_.]+)"', second.text)
    sent = await browser.post("/nl/me/report", whole(browser, field=options[0]))

    assert "Uw melding is verzonden" in sent.text
    assert "24/12/2026" in sent.text
    [told] = world.mesh.reported
    assert (told.datum.data_contract, told.datum.field_path) == ("HANDICAP", options[0])
    assert told.datum.source_cbe_number == "0899990843"
    assert told.ssin == ""
    assert world.mesh.asked[-1] == MARC
    assert str(sent.url).endswith("/nl/me/report")


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"field": "", "claim": ""}, ["field", "claim"]),
        ({"claim": ""}, ["claim"]),
        ({"field": "made.up"}, ["field"]),
        ({"claim": "ERROR_CLAIM_UNSPECIFIED"}, ["claim"]),
        ({"datum": "HANDICAP 0123456789"}, ["datum"]),
        ({"datum": ""}, ["datum"]),
    ],
)
async def test_what_is_missing_is_said_and_leads_to_its_field(world, changed, missing):
    browser = await begun(world)
    given = whole(browser) | changed

    answer = await browser.post("/nl/me/report", given)

    assert answer.status_code == 422
    assert "<title>Fout: " in answer.text
    assert re.findall(r'<li><a href="#([a-z]+)">', answer.text) == missing
    for name in missing:
        assert f'<label for="{name}">' in answer.text
        assert f'<select id="{name}" name="{name}" aria-invalid="true">' in answer.text
    assert world.mesh.reported == []


async def test_what_was_chosen_stays_chosen(world):
    browser = await begun(world)

    answer = await browser.post("/nl/me/report", whole(browser, field=""))

    assert '<option value="ERROR_CLAIM_OUTDATED" selected>' in answer.text


async def test_a_form_of_another_site_or_person_reports_nothing(world):
    browser, other = await begun(world), await begun(world, OTHER)

    own = whole(browser)

    foreign = await browser.post("/nl/me/report", whole(other))
    stolen = await browser.post("/nl/me/report", own, **{"sec-fetch-site": "cross-site"})

    assert (foreign.status_code, stolen.status_code) == (403, 403)
    assert world.mesh.reported == []


async def test_while_the_trail_is_away_nothing_can_be_reported_and_that_is_said(world):
    world.mesh.away = {"consultations"}

    browser = await begun(world)

    assert "Dit kan nu niet worden getoond" in browser.page.text


async def test_the_catalogue_tells_every_kind_of_data_and_what_is_in_it(world):
    page = await world.browser().get("/fr/data")

    assert "Reconnaissance d&#39;un handicap" in page.text
    assert "handicap_<wbr>recognitions." in page.text
