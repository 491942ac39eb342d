"""Every address of the portal, and what answers it."""

from collections.abc import Awaitable, Callable

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from pages.portal.engine import words_in
from services.concepts.failures import Failure, Unavailable
from services.portal import rules
from services.portal.errors import SessionOver
from services.portal.model import Session
from services.portal.web import person, public, reporting, signing
from services.portal.web.guards import Guards
from services.portal.web.site import Site, close_session, language_of, page

Open = Callable[[Site, Request], Awaitable[Response | None]]
Own = Callable[[Site, Request, Session], Awaitable[Response | None]]
Endpoint = Callable[[Request], Awaitable[Response]]
log = structlog.get_logger()


def application(site: Site, most_at_once: int) -> ASGIApp:
    """The portal as an ASGI application."""
    routes = [
        Route("/", _open(site, public.doorway)),
        Route("/favicon.ico", _open(site, public.no_icon)),
        Route("/assets/{name}", _open(site, public.asset)),
        Route("/.well-known/security.txt", _open(site, public.security)),
        Route("/register/{path:path}", _open(site, public.register)),
        Route("/sign-in", _open(site, signing.sign_in)),
        Route(signing.BACK, _open(site, signing.signed_in)),
        Route("/sign-out", _open(site, signing.sign_out), methods=["POST"]),
        Route("/{language}", _open(site, public.home)),
        Route("/{language}/how", _open(site, public.how)),
        Route("/{language}/accessibility", _open(site, public.accessibility)),
        Route("/{language}/data", _open(site, public.catalogue)),
        Route("/{language}/signed-out", _open(site, signing.signed_out)),
        Route("/{language}/me", _own(site, person.me)),
        Route("/{language}/me/extract-page", _own(site, person.extract_page)),
        Route("/{language}/me/extract-file", _own(site, person.extract_file)),
        Route("/{language}/me/rights", _own(site, person.rights)),
        Route(
            "/{language}/me/report", _own(site, reporting.report), methods=["GET", "HEAD", "POST"]
        ),
        Route("/{language}/me/{part}", _own(site, person.part)),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _wrong})
    return Guards(app, most_at_once)


def _open(site: Site, work: Open) -> Endpoint:
    """What everybody may ask."""

    async def answered(request: Request) -> Response:
        try:
            made = await work(site, request) if _is_spoken(request) else None
        except SessionOver:
            return _over(request)
        except Failure as failed:
            return _failed(request, failed)
        return _missing(request) if made is None else made

    return answered


def _own(site: Site, work: Own) -> Endpoint:
    """What only somebody may ask who is signed in."""

    async def own(site: Site, request: Request) -> Response | None:
        session = await site.session(request)
        if session is None:
            return person.not_signed_in(request)
        return await work(site, request, session)

    return _open(site, own)


def _is_spoken(request: Request) -> bool:
    return request.path_params.get("language", rules.DEFAULT) in rules.LANGUAGES


def _over(request: Request) -> Response:
    response = person.not_signed_in(request, is_over=True)
    close_session(response)
    return response


def _failed(request: Request, failed: Failure) -> Response:
    log.warning("page not made", reason=failed.reason())
    say = words_in(language_of(request))
    return page(
        request,
        "note",
        say("That did not work"),
        status=503 if isinstance(failed, Unavailable) else 500,
        sentences=(say("This cannot be shown now. It is not lost. Come back in a few minutes."),),
        link=f"/{language_of(request)}",
        link_text=say("To the first page"),
    )


def _missing(request: Request, status: int = 404) -> Response:
    say = words_in(language_of(request))
    return page(
        request,
        "note",
        say("This page does not exist"),
        status=status,
        sentences=(say("Look at the address again, or start from the first page."),),
        link=f"/{language_of(request)}",
        link_text=say("To the first page"),
    )


async def _wrong(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    return _missing(request, fault.status_code)
