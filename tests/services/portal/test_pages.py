"""What is shown, to whom, and what goes with it."""

import json

import pytest
from redis.exceptions import RedisError

from pages.portal.parts import PARTS
from services.portal.rules import LANGUAGES
from tests.services.portal.conftest import GHENT, MARC, OTHER

pytestmark = pytest.mark.redis
PUBLIC = ("", "/how", "/accessibility", "/data", "/signed-out")
OWN = ("/me", "/me/report", "/me/rights", *(f"/me/{one.name}" for one in PARTS))
NOT_OURS = ("<script>", "style=", "onclick", "http://", "https://")
"""No script or style within the page, and nothing of others."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [*PUBLIC, *OWN])
async def test_every_page_in_every_language(world, language, path):
    browser = world.browser()
    await browser.sign_in()

    page = await browser.get(f"/{language}{path}")

    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<h1>") == 1
    for other in LANGUAGES:
        assert f'href="/{other}{path}" lang="{other}" hreflang="{other}"' in page.text
    assert not any(one in page.text for one in NOT_OURS)


async def test_an_answer_is_kept_nowhere_and_runs_nothing_of_others(world):
    browser = world.browser()

    page = await browser.sign_in()

    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "server" not in page.headers


async def test_no_address_and_no_title_says_who_it_is(world):
    browser = world.browser()

    for path in OWN:
        page = await browser.sign_in(MARC, f"/nl{path}")
        assert MARC not in str(page.url)
        assert MARC not in page.text.partition("<title>")[2].partition("</title>")[0]


async def test_two_people_never_see_each_other(world):
    marc, other = world.browser(), world.browser()
    await marc.sign_in(MARC)
    await other.sign_in(OTHER)

    for _ in range(3):
        mine, theirs = await marc.get("/nl/me/files"), await other.get("/nl/me/files")
        assert "Office of 7171" in mine.text
        assert "Office of 8967" not in mine.text
        assert "Office of 8967" in theirs.text
        assert MARC not in theirs.text


async def test_the_mesh_is_asked_for_who_is_signed_in_only(world):
    browser = world.browser()
    await browser.get("/nl/me")
    await browser.get("/nl/me/uses?who=" + GHENT)

    assert world.mesh.asked == []
    await browser.sign_in(OTHER)
    assert set(world.mesh.asked) == {OTHER}


@pytest.mark.parametrize("part", [one.part for one in PARTS])
async def test_what_cannot_be_read_now_is_said_and_the_rest_is_shown(world, part):
    browser = world.browser()
    world.mesh.away = {part}

    page = await browser.sign_in()

    assert page.status_code == 200
    assert page.text.count("Dit kan nu niet worden getoond") == 1
    assert page.text.count("Sommige delen") == 1


async def test_an_extract_is_given_whole_or_not_at_all(world):
    browser = world.browser()
    await browser.sign_in()

    file = await browser.get("/nl/me/extract-file")
    page = await browser.get("/de/me/extract-page")
    world.mesh.away = {"facts"}
    half = await browser.get("/nl/me/extract-file")

    assert json.loads(file.text)["ssin"] == MARC
    assert "attachment" in file.headers["content-disposition"]
    assert MARC not in file.headers["content-disposition"]
    assert "Auszug" in page.text
    assert half.status_code == 503


async def test_uses_are_found_by_who_and_by_year_and_the_newest_is_first(world):
    browser = world.browser()
    await browser.sign_in()

    every = (await browser.get("/en/me/uses")).text
    one = (await browser.get(f"/en/me/uses?who={GHENT}&year=2026")).text

    body = every.partition("<tbody")[2]
    assert body.index("Office 0899990744") < body.index(f"Office {GHENT}")
    assert "Office 0899990744" not in one.partition("<tbody")[2]
    assert world.mesh.windows[-1].begins.isoformat() == "2025-12-31T23:00:00+00:00"
    # The switch of the language keeps what was chosen.
    assert f'href="/fr/me/uses?who={GHENT}&amp;year=2026"' in one


@pytest.mark.parametrize("asked", ["?year=1066", "?year=x", "?who=x", "?year='--", "?a=%3Cb%3E"])
async def test_what_makes_no_sense_in_an_address_is_passed_over(world, asked):
    browser = world.browser()
    await browser.sign_in()

    page = await browser.get(f"/nl/me/uses{asked}")

    assert page.status_code == 200
    assert "<b>" not in page.text


async def test_a_deliberation_leads_to_its_public_page(world):
    browser = world.browser()
    await browser.sign_in()

    page = await browser.get("/fr/me/uses")

    assert 'href="../../register/fr/ivc-kszg-99-002.html"' in page.text


async def test_what_the_network_says_in_dutch_is_marked_so_on_english_pages(world):
    browser = world.browser()
    await browser.sign_in()

    page = await browser.get("/en/me/uses")

    assert '<span lang="nl">Erkenning van een handicap</span>' in page.text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("fr-BE,fr;q=0.9", "fr"),
        ("es, de;q=0.5, en;q=0.2", "de"),
        ("es", "nl"),
        ("", "nl"),
        ("nl;q=x,,;", "nl"),
        ("x" * 9000, "nl"),
    ],
)
async def test_the_first_page_is_in_the_language_of_the_browser(world, accepted, language):
    answer = await world.browser().get("/", **{"accept-language": accepted})

    assert answer.headers["location"] == f"/{language}"


async def test_a_language_that_was_chosen_is_kept(world):
    browser = world.browser()
    await browser.get("/de")

    answer = await browser.get("/", **{"accept-language": "fr"})

    assert answer.headers["location"] == "/de"


@pytest.mark.parametrize(
    "path", ["/xx", "/nl/me/nothing", "/assets/../settings", "/register/nl/none.html", "/nl/x/y"]
)
async def test_what_does_not_exist_is_said(world, path):
    browser = world.browser()
    await browser.sign_in()

    assert (await browser.get(path)).status_code == 404


async def test_where_to_tell_of_a_weakness_is_public(world):
    text = (await world.browser().get("/.well-known/security.txt")).text

    assert "Contact: mailto:security@portal.test\n" in text
    assert "Expires: " in text


async def test_pages_and_style_are_small(world):
    browser = world.browser()
    page = await browser.sign_in()

    style = await browser.get("/assets/portal.css")

    assert len(page.content) + len(style.content) <= 60 * 1024


async def test_more_than_can_be_answered_is_told_to_come_back(world):
    world.app._now = world.app._most

    answer = await world.browser().get("/nl")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert "content-security-policy" in answer.headers


async def test_a_store_that_is_away_signs_nobody_in_and_public_pages_stay(world, monkeypatch):
    browser = world.browser()
    await browser.sign_in()

    async def away(*_, **__):
        raise RedisError

    monkeypatch.setattr(world.site.sessions.redis, "get", away)

    assert (await browser.get("/nl/me")).status_code == 503
    assert (await browser.get("/nl/how")).status_code == 200


async def test_a_fault_says_nothing_of_itself(world, monkeypatch):
    browser = world.browser()
    await browser.sign_in()

    async def broken(*_, **__):
        raise RuntimeError(f"row of {MARC}")

    monkeypatch.setattr(world.mesh, "read", broken)
    page = await browser.get("/nl/me")

    assert page.status_code == 500
    assert MARC not in page.text


async def test_rights_are_told_with_what_came_of_them_and_why(world):
    browser = world.browser()

    whole = (await browser.sign_in()).text
    page = (await browser.get("/nl/me/rights")).text

    assert "Recht 1: U hebt dit recht." in whole
    assert page.index("Recht 1") < page.index("Recht 2")
    for said in ("U hebt dit recht niet.", "Het is niet beslist", "65 jaar of ouder"):
        assert said in page
    for said in ("123,45", "FOD Financiën", "Inkomensgarantie", "van iemand van uw gezin"):
        assert said in page


async def test_rights_that_cannot_be_read_now_are_neither_granted_nor_refused(world):
    world.mesh.away = {"rights"}
    browser = world.browser()

    whole = (await browser.sign_in()).text
    page = (await browser.get("/nl/me/rights")).text

    for text in (whole, page):
        assert "Dit kan nu niet worden getoond" in text
        assert "dit recht" not in text
