"""Signing in and out."""

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pages.portal.engine import words_in
from services.concepts.failures import Failure
from services.portal import rules
from services.portal.errors import ProviderAway, SignInOver, SignInRefused
from services.portal.model import Pending
from services.portal.sealing import fresh_key, name_of
from services.portal.web.site import (
    SESSION,
    Site,
    close_session,
    keep_language,
    language_of,
    open_session,
    page,
)

BACK = "/signed-in"
"""Where the provider leads back to."""
_WAITING = "__Host-sign-in-"
_LONGEST = 2048
log = structlog.get_logger()


def sign_in_address(path: str) -> str:
    """Where somebody signs in who then wants to be there."""
    return f"/sign-in?to={path}"


async def sign_in(site: Site, request: Request) -> Response:
    """Lead to the provider. Each tab has a sign-in of its own, and a cookie of its own."""
    to = rules.leads_to(request.query_params.get("to", ""))
    language = to[1:3]
    pending = Pending(fresh_key(), fresh_key() + fresh_key(), to)
    state, binding = fresh_key(), fresh_key()
    address = await site.provider.address(state, pending, language)
    await site.sessions.pend(state, binding, pending)
    response = RedirectResponse(address, 303)
    patience = int(site.sessions.patience.total_seconds())
    response.set_cookie(
        _waiting(state), binding, max_age=patience, secure=True, httponly=True, samesite="lax"
    )
    keep_language(response, language)
    return response


async def signed_in(site: Site, request: Request) -> Response:
    """Take what the provider answers: once, from the browser that asked."""
    told = request.query_params
    state, code = told.get("state", "")[:_LONGEST], told.get("code", "")[:_LONGEST]
    binding = request.cookies.get(_waiting(state), "")
    try:
        pending = await site.sessions.claim(state, binding)
        if (
            "error" in told
            or not code
            or told.get("iss", site.provider.issuer) != (site.provider.issuer)
        ):
            raise SignInRefused
        session = await site.sessions.begin(await site.provider.redeem(code, pending))
    except (SignInOver, SignInRefused, ProviderAway) as failed:
        return _refused(request, state, failed)
    await _end_earlier(site, request)
    response = RedirectResponse(pending.leads_to, 303)
    open_session(response, session)
    response.delete_cookie(_waiting(state), secure=True, httponly=True, samesite="lax")
    return response


async def sign_out(site: Site, request: Request) -> Response:
    """End every session of the person, here, at other browsers, and what would renew their
    tokens."""
    form = await request.form()
    session = await site.session(request)
    language = str(form.get("language", ""))
    language = language if language in rules.LANGUAGES else language_of(request)
    if session is not None:
        if not is_own_form(site, request, str(form.get("form_key", "")), session.form_key):
            return foreign_form(request)
        await site.sessions.end_all(session)
        try:
            await site.provider.end(session.person)
        except (ProviderAway, SignInRefused) as away:
            log.warning("provider not told of an end", reason=away.reason())
    response = RedirectResponse(f"/{language}/signed-out", 303)
    close_session(response)
    response.headers["clear-site-data"] = '"cache"'
    return response


async def signed_out(site: Site, request: Request) -> Response:
    """Say that it is done."""
    say = words_in(language_of(request))
    sentences = (
        say("You are signed out, here and wherever else you were signed in to this page."),
        say("Close your browser if others use this computer."),
    )
    home = f"/{language_of(request)}"
    return page(
        request,
        "note",
        say("You are signed out"),
        sentences=sentences,
        link=home,
        link_text=say("To the first page"),
    )


def is_own_form(site: Site, request: Request, given: str, expected: str) -> bool:
    """Whether a form comes from a page of the session."""
    told = request.headers
    site_of = told.get("sec-fetch-site", "")
    return rules.is_own_form(given, expected, site_of, (site.origin,), told.get("origin", ""))


def foreign_form(request: Request) -> Response:
    """Refuse a form that did not come from a page of the session."""
    say = words_in(language_of(request))
    sentences = (say("This form is not valid any more. Open the page again, and try once more."),)
    home = f"/{language_of(request)}"
    return page(
        request,
        "note",
        say("That did not work"),
        status=403,
        sentences=sentences,
        link=f"{home}/me",
        link_text=say("Back to my page"),
    )


def _refused(request: Request, state: str, failed: Failure) -> Response:
    say = words_in(language_of(request))
    sentences = {
        SignInOver: say("You took too long to sign in, or you did it twice. Start again."),
        SignInRefused: say("You could not be signed in. Nothing about you was shown. Start again."),
        ProviderAway: say("Signing in does not work now. Try again in a few minutes."),
    }
    log.info("sign-in refused", reason=failed.reason())
    language = language_of(request)
    response = page(
        request,
        "note",
        say("You are not signed in"),
        status=503 if isinstance(failed, ProviderAway) else 403,
        sentences=(sentences[type(failed)],),
        link=sign_in_address(f"/{language}/me"),
        link_text=say("Sign in"),
    )
    if state:
        response.delete_cookie(_waiting(state), secure=True, httponly=True, samesite="lax")
    return response


async def _end_earlier(site: Site, request: Request) -> None:
    """A browser that signs in anew leaves no session behind."""
    key = request.cookies.get(SESSION, "")
    earlier = await site.sessions.find(key) if key else None
    if earlier is not None:
        await site.sessions.end(earlier)


def _waiting(state: str) -> str:
    return _WAITING + name_of(state)[:16]
