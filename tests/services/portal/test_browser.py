"""The portal in a real browser: what people see, hear, reach with keys, and find after leaving."""

import asyncio
import os
import shutil
import ssl
import time
from base64 import b64encode
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files

import httpx
import pytest
from hypercorn.asyncio import serve
from hypercorn.config import Config
from joserfc.jwk import ECKey

from pages.portal.catalogue import kinds
from pages.portal.parts import PARTS
from sandbox.authority import Authority
from sandbox.ports import free_port
from sandbox.provider.app import Provider as SandboxProvider
from sandbox.provider.grants import CLAIM, Grants
from services.kit.tlog.hashes import leaf_hash, root_of
from services.kit.tlog.notes import SIGNATURE, Signer
from services.kit.tlog.proofs import inclusion
from services.portal.fresh import Fresh
from services.portal.provider import Provider, Relation
from services.portal.rules import LANGUAGES
from services.portal.server import listening
from services.portal.sessions import Sessions, redis_at
from services.portal.web.app import application
from services.portal.web.site import Site
from tests.services.portal.conftest import GHENT, MARC, OTHER, Clock, FakeMesh, lists_of, use

playwright = pytest.importorskip("playwright.async_api", reason="Playwright is not installed")
pytestmark = pytest.mark.redis
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAGES = (
    "",
    "/how",
    "/accessibility",
    "/data",
    "/me",
    "/me/report",
    "/me/rights",
    *(f"/me/{one.name}" for one in PARTS),
)
WIDTHS = (1280, 360)
"""A desk and a phone, in CSS pixels."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE = 60_000
"""Milliseconds that a step may take on a slow machine."""
SIGNER = Signer.of("log.test", SIGNATURE, b"7" * 32)
LEAVES = [f"leaf {n}".encode() for n in range(7)]


def proved(use, index):
    """The use, with its proof in a log of seven records."""
    hashes = [leaf_hash(one) for one in LEAVES]

    def subtree(begin, end):
        return root_of(hashes[begin:end])

    root = b64encode(root_of(hashes)).decode()
    text = f"log.test\n{len(LEAVES)}\n{root}\n"
    use.proof.log_index, use.proof.leaf = index, LEAVES[index]
    use.proof.hashes.extend(inclusion(index, len(LEAVES), subtree))
    use.proof.checkpoint = f"{text}\n{SIGNER.sign(text)}"
    return use


@dataclass
class Shown:
    """A portal that listens, and a browser before it; the provider is another site."""

    origin: str
    browser: object
    mesh: FakeMesh

    @asynccontextmanager
    async def window(self, width=WIDTHS[0], **how):
        """A window of a browser of its own, without anything of another."""
        size = {"width": width, "height": 900}
        context = await self.browser.new_context(
            ignore_https_errors=True, viewport=size, locale="nl-BE", **how
        )
        context.set_default_timeout(PATIENCE)
        try:
            yield await context.new_page()
        finally:
            await context.close()

    async def sign_in(self, page, person=MARC, to="/nl/me"):
        await page.goto(f"{self.origin}/sign-in?to={to}")
        await page.fill("input[name=other]", person)
        await page.press("input[name=other]", "Enter")
        await page.wait_for_url(f"{self.origin}{to}")


def chromium():
    named = os.environ.get("CBSS_BROWSER")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine (CBSS_BROWSER names one)")
    return found


@pytest.fixture
async def shown(redis_url, tmp_path):
    binary, clock = chromium(), Clock()
    clock.at = time.time()
    portal, other = free_port(), free_port()
    origin, issuer = f"https://127.0.0.1:{portal}", f"http://localhost:{other}"
    own = Authority.founded("browsers").organization("edge", "CBSS", None, "127.0.0.1")
    own.write(tmp_path / "own.crt", tmp_path / "own.key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.crt", tmp_path / "own.key")
    context.set_alpn_protocols(["h2", "http/1.1"])
    key = ECKey.generate_key("P-256", {"kid": "k1"})
    mesh = FakeMesh(key, clock, lists={MARC: lists_of(MARC), OTHER: lists_of(OTHER)})
    redirect = f"{origin}/signed-in"
    provider = SandboxProvider(Grants(issuer, "portal", "cbss", key), redirect, "secret", {})
    relation = Relation(issuer, "portal", "secret", CLAIM, "cbss", redirect, timedelta(seconds=60))
    stopping = asyncio.Event()
    config = Config()
    config.bind, config.errorlog = [f"localhost:{other}"], None
    app = provider.application()
    serving = asyncio.create_task(serve(app, config, shutdown_trigger=stopping.wait, mode="asgi"))
    lives = timedelta(minutes=15), timedelta(hours=1), timedelta(minutes=10)
    async with redis_at(redis_url) as redis, httpx.AsyncClient(timeout=60) as http:
        await redis.flushall()
        site = Site(
            sessions=Sessions(redis, b"s" * 32, *lives),
            provider=Provider(http, relation),
            mesh=mesh,
            register=Fresh(mesh.deliberations, lambda read: {}),
            kinds=Fresh(mesh.contracts, kinds),
            origin=origin,
            security_contact="mailto:security@portal.test",
            log_key=str(SIGNER.verifier),
        )
        pages = application(site, 256)
        async with (
            listening(pages, f"127.0.0.1:{portal}", context, timedelta(seconds=1)),
            playwright.async_playwright() as driver,
        ):
            browser = await driver.chromium.launch(
                executable_path=binary, args=["--no-sandbox"], timeout=PATIENCE
            )
            try:
                yield Shown(origin, browser, mesh)
            finally:
                await browser.close()
                stopping.set()
                await serving


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_is_for_everybody_at_every_width(shown, language, width):
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    async with shown.window(width) as page:
        await shown.sign_in(page)
        for path in PAGES:
            await page.goto(f"{shown.origin}/{language}{path}")
            await page.evaluate(axe)
            found = await page.evaluate(
                "(tags) => axe.run({runOnly: {type: 'tag', values: tags}})", RULES
            )
            wrong = [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
            assert wrong == [], f"{path}: {wrong}"
            wide = await page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{path} is {wide} pixels too wide"


@pytest.mark.parametrize("dark", ["light", "dark"])
async def test_the_colours_hold_by_day_and_by_night(shown, dark):
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    async with shown.window(color_scheme=dark) as page:
        await shown.sign_in(page)
        await page.evaluate(axe)
        found = await page.evaluate("() => axe.run({runOnly: ['color-contrast']})")

    assert found["violations"] == []


@pytest.mark.parametrize(("width", "zoom"), [(1280, 1), (640, 1), (360, 1)])
async def test_every_link_is_reached_with_keys_and_seen_when_it_is(shown, width, zoom):
    # 640 is a desk at twice the size.
    async with shown.window(width) as page:
        await shown.sign_in(page, to="/nl/me/uses")
        wanted = await page.locator("a[href], button, select").count()
        reached = set()
        for _ in range(wanted * 2):
            await page.keyboard.press("Tab")
            box = await page.evaluate(
                """() => {
                    const one = document.activeElement, box = one.getBoundingClientRect();
                    const style = getComputedStyle(one);
                    const all = [...document.querySelectorAll("a[href], button, select")];
                    return {
                        place: all.indexOf(one),
                        seen: box.top >= 0 && box.bottom <= innerHeight + 1 && box.left >= 0
                            && box.right <= innerWidth + 1 && box.width > 0,
                        ringed: parseFloat(style.outlineWidth) > 0,
                    };
                }"""
            )
            if box["place"] < 0:
                continue
            assert box["seen"], box
            assert box["ringed"], box
            reached.add(box["place"])

    assert reached == set(range(wanted))


async def test_pages_need_no_script(shown):
    async with shown.window(java_script_enabled=False) as page:
        await shown.sign_in(page)

        assert await page.locator("h2").count() >= len(PARTS)
        await page.click(".leave button")
        assert await page.locator("h1").inner_text() == "U bent afgemeld"


@pytest.mark.parametrize("scripts", [True, False])
async def test_back_after_signing_out_shows_nothing(shown, scripts):
    async with shown.window(java_script_enabled=scripts) as page:
        await shown.sign_in(page)
        await page.goto(f"{shown.origin}/nl/me/files")
        assert "Office of 7171" in await page.content()
        await page.click(".leave button")
        await page.wait_for_url("**/signed-out")

        for _ in range(2):
            await page.go_back()
            await page.wait_for_function(
                "() => document.readyState === 'complete'"
            ) if scripts else await page.wait_for_load_state("load")
            assert "Office of 7171" not in await page.content()
            assert MARC not in await page.content()


async def test_two_people_in_two_browsers_never_see_each_other(shown):
    async with shown.window() as one, shown.window() as another:
        await asyncio.gather(
            shown.sign_in(one, MARC, "/nl/me/files"), shown.sign_in(another, OTHER, "/nl/me/files")
        )
        for _ in range(3):
            await asyncio.gather(one.reload(), another.reload())
            mine, theirs = await asyncio.gather(one.content(), another.content())
            assert "Office of 7171" in mine
            assert "Office of 8967" not in mine
            assert "Office of 8967" in theirs
            assert "Office of 7171" not in theirs


async def test_two_tabs_of_a_browser_sign_in_to_their_own_pages(shown):
    async with shown.window() as first:
        second = await first.context.new_page()
        await first.goto(f"{shown.origin}/sign-in?to=/nl/me/files")
        await second.goto(f"{shown.origin}/sign-in?to=/nl/me/facts")
        for page, path in ((second, "/nl/me/facts"), (first, "/nl/me/files")):
            await page.fill("input[name=other]", MARC)
            await page.press("input[name=other]", "Enter")
            await page.wait_for_url(f"{shown.origin}{path}")


async def test_nothing_is_asked_of_others_and_nothing_is_refused_by_the_policy(shown):
    said, asked = [], []
    async with shown.window() as page:
        await shown.sign_in(page)
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        for path in PAGES:
            await page.goto(f"{shown.origin}/de{path}")

    assert said == []
    assert all(one.startswith(shown.origin) for one in asked)


def damaged(what):
    """Two uses with proofs, of which the second was changed afterwards."""
    good, bad = proved(use(1, GHENT), 2), proved(use(2, GHENT), 5)
    proof = bad.proof
    match what:
        case "leaf":
            proof.leaf += b"!"
        case "index":
            proof.log_index = 4
        case "hashes":
            del proof.hashes[-1]
        case "root":
            proof.checkpoint = proof.checkpoint.replace("\n7\n", "\n8\n")
        case "signature":
            other = Signer.of("log.test", SIGNATURE, b"8" * 32)
            text = proof.checkpoint.partition("\n\n")[0] + "\n"
            proof.checkpoint = f"{text}\n{other.sign(text)}"
    return [good, bad]


@pytest.mark.parametrize("what", ["", "leaf", "index", "hashes", "root", "signature"])
async def test_the_browser_itself_tells_what_is_proven_from_what_is_not(shown, what):
    shown.mesh.lists[MARC]["consultations"] = damaged(what)
    async with shown.window() as page:
        await shown.sign_in(page, to="/nl/me/uses")
        await page.click("#check button")
        await page.wait_for_function("document.getElementById('checked').textContent !== ''")
        cells = [await page.inner_text(f"#proof-{n}") for n in (1, 2)]
        told = await page.inner_text("#checked")

    assert cells == ["bewezen", "niet bewezen" if what else "bewezen"]
    assert told.startswith("Niet elk" if what else "Elk gebruik")
