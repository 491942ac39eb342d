"""The pages for everybody."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pages.engine import read_shipped
from pages.portal.catalogue import kind_name, kind_text
from pages.portal.engine import words_in
from pages.portal.texts import ACCESSIBILITY, HOW, chapters
from pages.words import words
from services.kit.clock import utc_now
from services.portal.web.signing import sign_in_address
from services.portal.web.site import Site, keep_language, language_of, page

ASSETS = {"portal.css": "text/css", "back.js": "text/javascript", "proof.js": "text/javascript"}
_KINDS = {"html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript"}
_KEPT = {"cache-control": "public, max-age=300"}


async def doorway(site: Site, request: Request) -> Response:
    """To the first page, in the language of the browser."""
    response = RedirectResponse(f"/{language_of(request)}", 303)
    response.headers["vary"] = "accept-language, cookie"
    return response


async def home(site: Site, request: Request) -> Response:
    """What there is, and where to sign in."""
    language = language_of(request)
    say = words_in(language)
    response = page(
        request,
        "home",
        say("Who uses your data in social security, and why"),
        sign_in=sign_in_address(f"/{language}/me"),
    )
    keep_language(response, language)
    return response


async def how(site: Site, request: Request) -> Response:
    """How the network works, in plain words."""
    say = words_in(language_of(request))
    return page(request, "text", say("How it works"), chapters=chapters(HOW, say))


async def accessibility(site: Site, request: Request) -> Response:
    """For whom the pages are made, and what is known not to work."""
    say = words_in(language_of(request))
    return page(request, "text", say("Accessibility"), chapters=chapters(ACCESSIBILITY, say))


async def catalogue(site: Site, request: Request) -> Response:
    """Which kinds of data there are, and what is in each."""
    language = language_of(request)
    said = words("extract", language)
    found = (await site.kinds.get()).values()
    told = [
        (kind_name(one.code, language), one.code, tuple(map(said.path, one.fields)))
        for one in sorted(found, key=lambda one: kind_text(one.code, language))
    ]
    return page(request, "catalogue", words_in(language)("Which data there are"), kinds=told)


async def register(site: Site, request: Request) -> Response | None:
    """A page of the register of deliberations."""
    path = str(request.path_params["path"])
    text = (await site.register.get()).get(path)
    if text is None:
        return None
    kind = _KINDS.get(path.rpartition(".")[2], "text/plain; charset=utf-8")
    return Response(text, media_type=kind, headers=_KEPT)


async def asset(site: Site, request: Request) -> Response | None:
    """The style and the scripts."""
    name = str(request.path_params["name"])
    if name not in ASSETS:
        return None
    return Response(read_shipped(name), media_type=ASSETS[name], headers=_KEPT)


async def no_icon(site: Site, request: Request) -> Response:
    """There is none; browsers ask unasked."""
    return Response(status_code=204, headers=_KEPT)


async def security(site: Site, request: Request) -> Response:
    """Whom to tell of a weakness (RFC 9116)."""
    ends = (utc_now() + timedelta(days=180)).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = (
        f"Contact: {site.security_contact}\nExpires: {ends}\n"
        f"Preferred-Languages: nl, fr, de, en\n"
        f"Canonical: {site.origin}/.well-known/security.txt\n"
    )
    return Response(text, media_type="text/plain; charset=utf-8", headers=_KEPT)
