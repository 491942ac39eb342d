"""Reporting an error: which data, which part, what is wrong; then who must answer and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from cbss.audit.v1 import error_report_pb2
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from starlette.requests import Request
from starlette.responses import Response

from pages.portal.catalogue import Kind, field_text, kind_text
from pages.portal.engine import words_in
from pages.words import words
from services.portal.model import Session
from services.portal.web.signing import foreign_form, is_own_form
from services.portal.web.site import Site, language_of, page

CLAIMS = (
    "ERROR_CLAIM_INCORRECT",
    "ERROR_CLAIM_OUTDATED",
    "ERROR_CLAIM_INCOMPLETE",
    "ERROR_CLAIM_OTHER_PERSON",
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody has filled in so far."""

    datum: str = ""
    field: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from."""

    data: Mapping[str, str]
    """Kinds of data that went out about him, with the source of each."""
    kinds: Mapping[str, Kind]
    is_missing: bool

    def fields(self, datum: str) -> tuple[str, ...]:
        """The parts of the kind of data that was chosen; nothing before one was."""
        return self.kinds[datum.partition(" ")[0]].fields if datum in self.data else ()


async def report(site: Site, request: Request, session: Session) -> Response:
    """The form, step by step, and what comes of it."""
    choices = await _choices(site, request, session)
    if request.method == "GET":
        return _form(request, session, choices, Filled(), ())
    form = await request.form()
    if not is_own_form(site, request, str(form.get("form_key", "")), session.form_key):
        return foreign_form(request)
    filled = Filled(*(str(form.get(name, "")) for name in ("datum", "field", "claim")))
    fields = choices.fields(filled.datum)
    if not fields:
        return _form(request, session, choices, Filled(), ("datum",))
    if not form.get("step"):
        return _form(request, session, choices, filled, ())
    wrong = (
        *(() if filled.field in fields else ("field",)),
        *(() if filled.claim in CLAIMS else ("claim",)),
    )
    if wrong:
        return _form(request, session, choices, filled, wrong)
    return await _sent(site, request, session, filled)


async def _choices(site: Site, request: Request, session: Session) -> Choices:
    read = await site.read(session, ["consultations"])
    kinds, language = await site.kinds.get(), language_of(request)
    name = words("extract", language).name
    data = {
        f"{use.data_contract} {source.cbe_number}": (
            f"{kind_text(use.data_contract, language)}: {name(source.name) or source.cbe_number}"
        )
        for use in read.lists.get("consultations", ())
        for source in use.sources
        if use.data_contract in kinds
    }
    return Choices(data, kinds, bool(read.missing))


async def _sent(site: Site, request: Request, session: Session, filled: Filled) -> Response:
    contract, _, source = filled.datum.partition(" ")
    told = report_pb.ReportErrorRequest(
        report_id=str(uuid4()),
        datum=error_report_pb2.Datum(
            data_contract=contract, field_path=filled.field, source_cbe_number=source
        ),
        claim=filled.claim,
    )
    due = (await site.report(session, told)).due_date
    say = words_in(language_of(request))
    sentences = (
        say("Your report is with the office that keeps the data."),
        say("It must answer by:") + f" {due.day:02}/{due.month:02}/{due.year}.",
        say("Under the reports you see what becomes of it."),
    )
    return page(
        request,
        "note",
        say("Your report was sent"),
        session=session,
        sentences=sentences,
        link=f"/{language_of(request)}/me/reports",
        link_text=say("Reports of errors that you made"),
    )


def _form(
    request: Request, session: Session, choices: Choices, filled: Filled, wrong: tuple[str, ...]
) -> Response:
    language = language_of(request)
    say, said = words_in(language), words("extract", language)
    heading, error = say("Report an error"), say("Error")
    fields = choices.fields(filled.datum)
    return page(
        request,
        "report",
        heading,
        title=f"{error}: {heading}" if wrong else heading,
        session=session,
        status=422 if wrong else 200,
        asks={
            "datum": say("Which data are wrong?"),
            "field": say("Which part of them?"),
            "claim": say("What is wrong with it?"),
        },
        is_missing=choices.is_missing,
        data=sorted(choices.data.items(), key=lambda one: one[1]),
        datum=filled.datum,
        chosen=choices.data.get(filled.datum, ""),
        fields=[(path, field_text(path, language)) for path in fields],
        field=filled.field,
        claims=[(one, said[one]) for one in CLAIMS],
        claim=filled.claim,
        wrong=wrong,
    )
