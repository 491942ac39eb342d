"""Signing in and out: what works, and what comes back wrong, twice, late or from elsewhere."""

import asyncio
from urllib.parse import urlencode

import pytest
from joserfc.jwk import ECKey

from tests.services.portal.conftest import HOUR, ISSUER, MARC, ORIGIN, OTHER, query

pytestmark = pytest.mark.redis


async def test_who_signs_in_lands_on_the_page_that_was_asked_for(world):
    browser = world.browser()

    page = await browser.sign_in(MARC, "/fr/me/files")

    assert page.status_code == 200
    assert page.url.path == "/fr/me/files"
    assert "Office of 7171" in page.text


async def test_the_session_is_in_a_cookie_that_no_script_and_no_other_site_reads(world):
    browser = world.browser()
    answer = await browser.get(await browser.choose(await browser.begin()))

    [session] = [
        one for one in answer.headers.get_list("set-cookie") if one.startswith("__Host-session=")
    ]

    for attribute in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert attribute in session
    assert "Max-Age" not in session


async def test_the_provider_is_asked_with_pkce_and_for_a_token_of_the_mesh(world):
    asked = query(await world.browser().begin())

    assert asked["code_challenge_method"] == "S256"
    assert asked["resource"] == "cbss"
    assert asked["nonce"]
    assert MARC not in str(asked)


async def test_two_tabs_sign_in_in_either_order_each_to_its_own_page(world):
    browser = world.browser()
    first, second = await browser.begin("/nl/me/files"), await browser.begin("/nl/me/facts")
    second_back, first_back = await browser.choose(second), await browser.choose(first)

    ends = [(await browser.get(back)).headers["location"] for back in (second_back, first_back)]

    assert ends == ["/nl/me/facts", "/nl/me/files"]
    assert (await browser.get("/nl/me")).status_code == 200


async def test_an_answer_is_taken_once(world):
    browser = world.browser()
    back = await browser.choose(await browser.begin())
    await browser.get(back)

    again = await browser.get(back)

    assert again.status_code == 403
    assert (await browser.get("/nl/me")).status_code == 200


async def test_an_answer_is_of_use_to_no_other_browser(world):
    victim, thief = world.browser(), world.browser()
    back = await victim.choose(await victim.begin())

    assert (await thief.get(back)).status_code == 403
    assert (await thief.get("/nl/me")).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "foreign"},
        {"state": ""},
        {"code": "foreign"},
        {"code": ""},
        {"iss": "https://other.test"},
        {"error": "access_denied"},
    ],
)
async def test_an_answer_that_was_changed_signs_nobody_in(world, changed):
    browser = world.browser()
    back = await browser.choose(await browser.begin())

    answer = await browser.get(f"/signed-in?{urlencode(query(back) | changed)}")

    assert answer.status_code == 403
    assert browser.key is None
    assert (await browser.get("/nl/me")).status_code == 401


async def test_who_does_not_want_to_sign_in_is_told_so(world):
    browser = world.browser()

    answer = await browser.get(await browser.choose(await browser.begin(), no="1"))

    assert answer.status_code == 403
    assert "niet worden aangemeld" in answer.text


async def test_a_code_without_its_verifier_gives_nothing(world):
    browser = world.browser()
    back = query(await browser.choose(await browser.begin()))

    answer = await world.provider.post(
        f"{ISSUER}/token",
        data={
            "grant_type": "authorization_code",
            "code": back["code"],
            "redirect_uri": f"{ORIGIN}/signed-in",
            "code_verifier": "x" * 64,
        },
        auth=("portal", "secret"),
    )

    assert answer.json() == {"error": "invalid_grant"}


async def test_a_key_of_the_provider_may_change_while_the_portal_runs(world):
    await world.browser().sign_in()
    world.grants.key = world.mesh.key = ECKey.generate_key("P-256", {"kid": "k2"})

    assert (await world.browser().sign_in()).status_code == 200


async def test_an_answer_signed_by_another_is_refused(world):
    browser = world.browser()
    await browser.sign_in()
    world.grants.key = ECKey.generate_key("P-256", {"kid": "k1"})

    answer = await browser.get(await browser.choose(await browser.begin()))

    assert answer.status_code == 403


@pytest.mark.parametrize("late", [599, 601])
async def test_a_sign_in_may_take_ten_minutes(world, late):
    browser = world.browser()
    back = await browser.choose(await browser.begin())
    store = world.site.sessions.redis
    [waiting] = [name async for name in store.scan_iter("cbss:portal:waiting:*")]

    await store.expire(waiting, 600 - late if late < 600 else 0)

    assert (await browser.get(back)).status_code == (303 if late < 600 else 403)


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.test/",
        "//evil.test/nl/me",
        "/\\evil.test",
        "/nl/../../evil",
        "/nl/me?next=https://evil.test",
        "/nl/me%0d%0aSet-Cookie:x",
        "javascript:alert(1)",
        "",
        "/" + "nl/" * 200,
    ],
)
async def test_nobody_is_led_to_where_others_want_him(world, to):
    browser = world.browser()

    answer = await browser.get(await browser.choose(await browser.begin(to)))

    assert answer.headers["location"] == "/nl/me"


async def test_a_new_sign_in_has_a_new_key_and_the_old_one_is_nobodys(world):
    browser = world.browser()
    await browser.sign_in(MARC)
    old = browser.key

    await browser.sign_in(OTHER)

    assert browser.key != old
    thief = world.browser()
    thief.keep(old)
    assert (await thief.get("/nl/me")).status_code == 401


async def test_a_key_from_before_is_not_the_one_after(world):
    browser = world.browser()
    browser.keep("fixed-by-somebody-else")

    await browser.sign_in()

    thief = world.browser()
    thief.keep("fixed-by-somebody-else")
    assert (await thief.get("/nl/me")).status_code == 401


async def test_a_dead_session_is_said_once_and_its_cookie_taken_away(world):
    browser = world.browser()
    browser.keep("dead")

    first = await browser.get("/de/me")

    assert first.status_code == 401
    assert "Ihr Besuch ist zu Ende" in first.text
    assert browser.key is None
    assert "Ihr Besuch ist zu Ende" not in (await browser.get("/de/me")).text


async def test_signing_out_ends_every_session_of_the_person_and_of_nobody_else(world):
    here, there, other = world.browser(), world.browser(), world.browser()
    for browser, person in ((there, MARC), (other, OTHER), (here, MARC)):
        await browser.sign_in(person)
    old = here.key

    answer = await here.post("/sign-out", {"form_key": here.form_key, "language": "fr"})

    assert answer.headers["location"] == "/fr/signed-out"
    assert answer.headers["clear-site-data"] == '"cache"'
    here.keep(old)
    assert (await here.get("/nl/me")).status_code == 401
    assert (await there.get("/nl/me")).status_code == 401
    assert (await other.get("/nl/me")).status_code == 200


async def test_after_signing_out_nothing_renews_a_token(world):
    browser = world.browser()
    await browser.sign_in()
    session = await world.site.sessions.find(browser.key)

    await browser.post("/sign-out", {"form_key": browser.form_key})

    answer = await world.provider.post(
        f"{ISSUER}/token",
        data={"grant_type": "refresh_token", "refresh_token": session.person.refresh_token},
        auth=("portal", "secret"),
    )
    assert answer.json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("told", "headers"),
    [
        ({}, {}),
        ({"form_key": "guessed"}, {}),
        (None, {"sec-fetch-site": "cross-site"}),
        (None, {"sec-fetch-site": "same-site"}),
        (None, {"origin": "https://evil.test"}),
        (None, {"origin": "null"}),
    ],
)
async def test_a_form_of_another_site_signs_nobody_out(world, told, headers):
    browser = world.browser()
    await browser.sign_in()

    answer = await browser.post(
        "/sign-out", {"form_key": browser.form_key} if told is None else told, **headers
    )

    assert answer.status_code == 403
    assert (await browser.get("/nl/me")).status_code == 200


async def test_a_token_is_renewed_before_it_ends_and_the_next_one_after_it(world):
    browser = world.browser()
    await browser.sign_in()
    tokens = set()

    for _ in range(3):
        world.clock.at += 290
        assert (await browser.get("/nl/me")).status_code == 200
        tokens.add((await world.site.sessions.find(browser.key)).person.access_token)

    assert len(tokens) == 3


async def test_two_pages_of_one_session_renew_its_token_once(world):
    browser = world.browser()
    await browser.sign_in()
    world.clock.at += 290

    answers = await asyncio.gather(*(browser.get("/nl/me") for _ in range(8)))

    assert {one.status_code for one in answers} == {200}


async def test_a_session_ends_with_its_hour_however_much_is_asked(world):
    browser = world.browser()
    await browser.sign_in()

    for _ in range(11):
        world.clock.at += 300
        assert (await browser.get("/nl/me")).status_code == 200
    world.clock.at += 400

    assert (await browser.get("/nl/me")).status_code == 401


async def test_who_signed_out_at_the_provider_is_signed_out_here(world):
    browser = world.browser()
    await browser.sign_in()
    session = await world.site.sessions.find(browser.key)
    world.grants.revoke(session.person.refresh_token)
    world.clock.at += 290

    assert (await browser.get("/nl/me")).status_code == 401


async def test_the_store_holds_nothing_that_can_be_read(world):
    browser = world.browser()
    await browser.sign_in()
    session = await world.site.sessions.find(browser.key)
    store = world.site.sessions.redis
    held = b""
    async for name in store.scan_iter("*"):
        kind = await store.type(name)
        value = await (store.get(name) if kind == b"string" else store.smembers(name))
        held += name + (value if isinstance(value, bytes) else b"".join(value))

    for secret in (MARC, browser.key, session.person.access_token, session.person.refresh_token):
        assert secret.encode() not in held


async def test_sessions_that_are_not_used_end_by_themselves(world):
    browser = world.browser()
    await browser.sign_in()
    store = world.site.sessions.redis

    lives = [await store.ttl(name) async for name in store.scan_iter("cbss:portal:session:*")]

    assert lives
    assert all(0 < one <= 900 for one in lives)
    assert world.site.sessions.longest.total_seconds() == HOUR


async def test_two_hundred_people_sign_in_and_read_at_once(world):
    browsers = [world.browser() for _ in range(200)]

    landed = await asyncio.gather(*(one.sign_in() for one in browsers))
    pages = await asyncio.gather(*(one.get("/nl/me") for one in browsers))

    assert {one.status_code for one in (*landed, *pages)} == {200}
    assert len({one.key for one in browsers}) == 200
