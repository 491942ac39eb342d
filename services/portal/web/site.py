"""What every page is made with: who asks, in which language, and what it may show him."""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cbss.audit.v1 import error_report_service_pb2 as report_pb
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pages.portal import engine
from pages.portal.catalogue import Kind
from services.portal import rules
from services.portal.errors import ProviderAway, SessionOver, SignInRefused
from services.portal.fresh import Fresh
from services.portal.model import Session
from services.portal.peers import Mesh, Read, TokenOver, Window
from services.portal.provider import Provider
from services.portal.sessions import Sessions

SESSION = "__Host-session"
"""The cookie of who is signed in."""
LANGUAGE = "__Host-language"
SOON = 30.0
"""Seconds before the end of an access token at which it is renewed."""
_PATIENCE, _PAUSE = 3.0, 0.05


@dataclass(frozen=True)
class Site:
    """The parts of the portal."""

    sessions: Sessions
    provider: Provider
    mesh: Mesh
    register: Fresh[Mapping[str, str]]
    """The pages of the register of deliberations, by their paths."""
    kinds: Fresh[Mapping[str, Kind]]
    """The kinds of data that there are, by their codes."""
    origin: str
    security_contact: str
    log_key: str
    """The public key of the trail's log, with which browsers check proofs."""
    now: Callable[[], float] = time.time

    async def session(self, request: Request) -> Session | None:
        """Whose session the browser brings, if it brings one; SessionOver if that is over."""
        key = request.cookies.get(SESSION, "")
        if not key:
            return None
        found = await self.sessions.find(key)
        if found is None:
            raise SessionOver
        return found

    async def read(
        self, session: Session, parts: Sequence[str], window: Window | None = None
    ) -> Read:
        """What the mesh tells the person; SessionOver if nobody renews his token any more."""
        fresh = await self.fresh(session)
        try:
            return await self.mesh.read(fresh.person.access_token, parts, window)
        except TokenOver:
            fresh = await self._renewed(fresh)
        try:
            return await self.mesh.read(fresh.person.access_token, parts, window)
        except TokenOver:
            raise SessionOver from None

    async def report(self, session: Session, told: report_pb.ReportErrorRequest) -> Any:
        """Report an error for the person: as it is kept; a Failure if it is not taken."""
        fresh = await self.fresh(session)
        return await self.mesh.report(fresh.person.access_token, told)

    async def fresh(self, session: Session) -> Session:
        """The session with an access token that is good for what comes now."""
        if session.person.ends_at - self.now() > SOON:
            return session
        try:
            return await self._renewed(session)
        except ProviderAway:
            if session.person.ends_at > self.now():
                return session
            raise

    async def _renewed(self, session: Session) -> Session:
        async with self.sessions.renewing(session) as mine:
            if mine:
                try:
                    person = await self.provider.renew(session.person)
                except SignInRefused:
                    await self.sessions.end(session)
                    raise SessionOver from None
                return await self.sessions.keep(session, person)
        return await self._renewed_elsewhere(session)

    async def _renewed_elsewhere(self, session: Session) -> Session:
        """The session as another page of it has just renewed it."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            await asyncio.sleep(_PAUSE)
            found = await self.sessions.find(session.key)
            if found is None:
                raise SessionOver
            if found.person.access_token != session.person.access_token:
                return found
        raise ProviderAway


def language_of(request: Request) -> str:
    """In which language an address is; without one, that of the browser."""
    named = str(request.path_params.get("language", ""))
    if named in rules.LANGUAGES:
        return named
    accepted = request.headers.get("accept-language", "")
    return rules.language_of(accepted, request.cookies.get(LANGUAGE, ""))


def page(
    request: Request,
    template: str,
    heading: str,
    *,
    status: int = 200,
    session: Session | None = None,
    title: str = "",
    **told: object,
) -> Response:
    """A page around its content; titles say what it is and never whose."""
    language = language_of(request)
    path = request.url.path
    prefix = f"/{language}"
    is_under = path == prefix or path.startswith(f"{prefix}/")
    here = path.removeprefix(prefix).rstrip("/") if is_under else ""
    text = engine.render(
        template,
        language,
        heading=heading,
        title=title or heading,
        here=here,
        query=f"?{request.url.query}" if is_under and request.url.query else "",
        form_key="" if session is None else session.form_key,
        **told,
    )
    return HTMLResponse(text, status, headers={"content-language": language})


def keep_language(response: Response, language: str) -> None:
    """Remember a language for pages whose address names none."""
    response.set_cookie(
        LANGUAGE, language, max_age=31_536_000, secure=True, httponly=True, samesite="lax"
    )


def open_session(response: Response, session: Session) -> None:
    """Give the browser the key of a session; it forgets it when it is closed."""
    response.set_cookie(SESSION, session.key, secure=True, httponly=True, samesite="lax")


def close_session(response: Response) -> None:
    """Take the key away. The cookie changes first, so that kept pages are forgotten."""
    response.set_cookie(
        SESSION, secrets.token_urlsafe(8), max_age=0, secure=True, httponly=True, samesite="lax"
    )
