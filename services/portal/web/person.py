"""The pages of who is signed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from starlette.requests import Request
from starlette.responses import Response

from pages.blocks import Section
from pages.extract import Extract, as_json
from pages.extract.page import as_page
from pages.portal import parts
from pages.portal.engine import words_in
from pages.portal.parts import PARTS, Shown
from pages.portal.proofs import proofs
from pages.portal.rights import ShownRight, show_rights
from services.kit.clock import belgian_day, utc_now
from services.portal.model import Session
from services.portal.peers import Read, Window
from services.portal.web.signing import sign_in_address
from services.portal.web.site import Site, language_of, page

_BELGIUM = ZoneInfo("Europe/Brussels")
RIGHTS = "rights"
_YEARS = 10
"""For how many years it is kept who used somebody's data."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A part on the page of a person."""

    name: str
    heading: str
    is_missing: bool
    count: int
    newest: tuple[Section, ...]


async def me(site: Site, request: Request, session: Session) -> Response:
    """All parts in short; what cannot be read now is said, and the rest is shown."""
    language = language_of(request)
    read = await site.read(session, [RIGHTS, *(one.part for one in PARTS)])
    extract = _extract(session, read)
    say = words_in(language)
    told = tuple(_summary(one, read, extract, language) for one in PARTS)
    return page(
        request,
        "me",
        say("My page"),
        session=session,
        number=session.person.number,
        rights=_rights(read, language),
        parts=told,
        missing=bool(read.missing),
    )


async def part(site: Site, request: Request, session: Session) -> Response | None:
    """One part, whole; nothing if there is none of that name."""
    shown = parts.part_named(str(request.path_params["part"]))
    if shown is None:
        return None
    language = language_of(request)
    is_uses = shown.name == "uses"
    year = _year(request.query_params.get("year", "")) if is_uses else None
    # Files tell how organizations are called that reports name by number.
    asked = [shown.part, *(["files"] if shown.name == "reports" else [])]
    read = await site.read(session, asked, _window(year))
    extract = _extract(session, read)
    askers = _askers(extract.consultations) if is_uses else {}
    who = request.query_params.get("who", "")
    if who in askers:
        extract = _only(extract, who)
    heading = parts.heading(shown, language)
    return page(
        request,
        "part",
        heading,
        session=session,
        sections=tuple(parts.sections(shown, extract, language)),
        is_missing=shown.part in read.missing,
        proofs=proofs(extract.consultations, site.log_key) if extract.consultations else {},
        years=_years() if is_uses else (),
        year="" if year is None else str(year),
        askers=sorted(askers.items(), key=lambda one: one[1]),
        who=who,
    )


async def rights(site: Site, request: Request, session: Session) -> Response:
    """What the law says of the person's rights, and why."""
    language = language_of(request)
    shown = _rights(await site.read(session, [RIGHTS]), language)
    return page(
        request,
        "rights",
        words_in(language)("My rights"),
        session=session,
        rights=shown or (),
        is_missing=shown is None,
    )


async def extract_page(site: Site, request: Request, session: Session) -> Response:
    """The extract as one page, to keep."""
    made = await _whole(site, session)
    if made is None:
        return _incomplete(request, session)
    text = as_page(made, language_of(request), f"{site.origin}/register")
    return _file(text, "text/html; charset=utf-8", f"extract-{language_of(request)}.html")


async def extract_file(site: Site, request: Request, session: Session) -> Response:
    """The extract for programs, to keep."""
    made = await _whole(site, session)
    if made is None:
        return _incomplete(request, session)
    return _file(as_json(made), "application/json", "extract.json")


def not_signed_in(request: Request, *, is_over: bool = False) -> Response:
    """Say that somebody is to sign in, and lead him back to where he was."""
    say = words_in(language_of(request))
    said = (
        say("Your session is over. Nothing is shown any more. Sign in again to go on.")
        if is_over
        else say("Sign in to see what is kept about you.")
    )
    path = request.url.path
    query = f"?{request.url.query}" if request.url.query else ""
    back = f"{path}{query}" if path.startswith(f"/{language_of(request)}/") else ""
    return page(
        request,
        "note",
        say("You are not signed in"),
        status=401,
        sentences=(said,),
        link=sign_in_address(back.replace("?", "%3F").replace("&", "%26").replace("=", "%3D")),
        link_text=say("Sign in"),
    )


def _rights(read: Read, language: str) -> tuple[ShownRight, ...] | None:
    """The rights as they are shown; nothing if they cannot be read now."""
    if RIGHTS in read.missing:
        return None
    return show_rights(read.lists.get(RIGHTS, ()), language)


def _summary(shown: Shown, read: Read, extract: Extract, language: str) -> Summary:
    is_missing = shown.part in read.missing
    count = 0 if is_missing else parts.count_entries(shown, extract)
    newest: tuple[Section, ...] = ()
    if count and shown.name == "uses":
        newest = tuple(parts.sections(shown, _by_others(extract), language, parts.NEWEST))
    return Summary(shown.name, parts.heading(shown, language), is_missing, count, newest)


def _extract(session: Session, read: Read) -> Extract:
    lists: Mapping[str, Sequence[Any]] = read.lists
    return Extract(
        ssin=session.person.number,
        made_at=utc_now(),
        numbers=lists.get("numbers", ()),
        cards=lists.get("cards", ()),
        data=lists.get("data", ()),
        files=lists.get("files", ()),
        facts=lists.get("facts", ()),
        reports=lists.get("reports", ()),
        decisions=lists.get("notices", ()),
        consultations=lists.get("consultations", ()),
    )


async def _whole(site: Site, session: Session) -> Extract | None:
    """The whole extract; nothing if a part is missing: half of it would pass for all."""
    # Uses last: the readings of the rest then stand among them.
    first = await site.read(session, [one.part for one in PARTS if one.name != "uses"])
    last = await site.read(session, ["consultations"])
    if first.missing or last.missing:
        return None
    return _extract(session, Read({**first.lists, **last.lists}))


def _incomplete(request: Request, session: Session) -> Response:
    say = words_in(language_of(request))
    return page(
        request,
        "note",
        say("The extract cannot be made now"),
        status=503,
        session=session,
        sentences=(
            say(
                "A part of it cannot be read now. An extract is only given whole. Try again later."
            ),
        ),
        link=f"/{language_of(request)}/me",
        link_text=say("Back to my page"),
    )


def _file(text: str, kind: str, name: str) -> Response:
    kept = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=kind, headers=kept)


def _year(text: str) -> int | None:
    return int(text) if text in _years() else None


def _years() -> tuple[str, ...]:
    this = belgian_day(utc_now()).year
    return tuple(str(year) for year in range(this, this - _YEARS - 1, -1))


def _window(year: int | None) -> Window:
    if year is None:
        return Window()
    begins, ends = (datetime(one, 1, 1, tzinfo=_BELGIUM) for one in (year, year + 1))
    return Window(begins.astimezone(UTC), ends.astimezone(UTC))


def _askers(uses: Sequence[Any]) -> dict[str, str]:
    """The organizations that used something, by their numbers."""
    named = [one.customer for one in uses if one.HasField("customer")]
    return {one.cbe_number: one.name or one.cbe_number for one in named}


def _by_others(extract: Extract) -> Extract:
    """The same with the uses that are not the person's own: each of his visits is one too."""
    own = audit_pb.ASKER_PERSON
    uses = [one for one in extract.consultations if one.asker != own]
    return Extract(ssin=extract.ssin, made_at=extract.made_at, consultations=uses)


def _only(extract: Extract, who: str) -> Extract:
    uses = [one for one in extract.consultations if one.customer.cbe_number == who]
    return Extract(ssin=extract.ssin, made_at=extract.made_at, consultations=uses)
