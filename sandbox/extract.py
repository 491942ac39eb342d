"""The extract of GDPR article 15: as JSON for programs, as one page for people.

The page holds everything it needs: no script, no picture, no style from elsewhere. It can be kept,
sent and printed. What it shows was written by others, and is text whatever it looks like.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.directory.v1 import person_file_pb2
from google.protobuf.json_format import MessageToDict
from google.type import date_pb2

from services.access.pages.deliberations import slug
from services.access.pages.html import Child, Element, element

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
_STYLE = """
body { margin: 0 auto; padding: 0 1rem 2rem; max-width: 72rem; color: #1a1a1a; background: #fff;
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; border-bottom: 3px solid #0a4a8a; }
h2 { font-size: 1.2rem; margin: 2rem 0 .25rem; }
a { color: #0a4a8a; }
a:focus-visible { outline: 3px solid #b35900; outline-offset: 2px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { color: #555; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: #555; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem .4rem 0;
  border-bottom: 1px solid #c8c8c8; overflow-wrap: anywhere; }
@media print {
  nav { display: none; }
  body { font-size: 9pt; padding: 0; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  h2 { break-after: avoid; }
}
"""
_BELGIUM = ZoneInfo("Europe/Brussels")
_FILES = ("organization", "quality", "phase", "begin", "end", "number")
_FACTS = ("fact", "source", "begin", "end", "as_of", "expires", "number")
_USES = ("when", "step", "customer", "data", "sources", "purpose", "ground", "proof")


@dataclass(frozen=True)
class Extract:
    """What is kept about a person, as the mesh told it."""

    ssin: str
    made_at: datetime
    files: Sequence[person_file_pb2.PersonFile]
    facts: Sequence[buffer_pb.PersonFact]
    consultations: Sequence[audit_pb.Consultation]


def as_json(extract: Extract) -> str:
    """The extract for programs; messages in the JSON form of their contracts."""
    told = {
        "ssin": extract.ssin,
        "madeAt": extract.made_at.isoformat(),
        "files": [MessageToDict(one) for one in extract.files],
        "facts": [MessageToDict(one) for one in extract.facts],
        "consultations": [MessageToDict(one) for one in extract.consultations],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_page(extract: Extract, language: str, register: str | None = None) -> str:
    """The extract for people, in a language."""
    page = _Page(language, _words()[language], register)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("title", page.said["title"]),
        element("style", Element(_STYLE)),
    )
    return f"<!doctype html>\n{element('html', head, page.body(extract), lang=language)}\n"


@cache
def _words() -> dict[str, dict[str, str]]:
    text = files("sandbox").joinpath("data/extract.yaml").read_text("utf-8")
    held: dict[str, dict[str, str]] = yaml.safe_load(text)
    return held


@dataclass(frozen=True)
class _Page:
    language: str
    said: dict[str, str]
    register: str | None

    def body(self, extract: Extract) -> Element:
        said = self.said
        sections = {
            "files": self._table("files", _FILES, map(self._file, extract.files)),
            "facts": self._table("facts", _FACTS, map(self._fact, extract.facts)),
            "consultations": self._table(
                "consultations", _USES, map(self._use, extract.consultations)
            ),
            "rights": element("p", said["rights_text"]),
        }
        contents = [element("li", element("a", said[name], href=f"#{name}")) for name in sections]
        return element(
            "body",
            element(
                "header",
                element("h1", said["title"]),
                element(
                    "dl",
                    element("dt", said["about"]),
                    element("dd", extract.ssin),
                    element("dt", said["made_at"]),
                    element("dd", _instant(extract.made_at)),
                ),
                element("p", said["intro"]),
            ),
            element("nav", element("ul", contents), aria_label=said["contents"]),
            element(
                "main",
                [
                    element(
                        "section", element("h2", said[name], id=name), content, aria_labelledby=name
                    )
                    for name, content in sections.items()
                ],
            ),
        )

    def _table(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[Child]]) -> Element:
        written = [
            element("tr", element("th", first, scope="row"), [element("td", one) for one in rest])
            for first, *rest in rows
        ]
        if not written:
            return element("p", self.said["none"])
        columns = [element("th", self.said[head], scope="col") for head in heads]
        return element(
            "table",
            element("caption", f"{self.said[name]}: {len(written)}"),
            element("thead", element("tr", columns)),
            element("tbody", written),
        )

    def _file(self, one: person_file_pb2.PersonFile) -> Sequence[Child]:
        period = one.period
        return (
            _named(one.organization_name, one.cbe_number),
            _named(self._text(one.quality), one.quality_code),
            str(one.phase),
            _day(period.begin_date),
            _day(period.end_date) if period.HasField("end_date") else self.said["ongoing"],
            one.ssin,
        )

    def _fact(self, one: buffer_pb.PersonFact) -> Sequence[Child]:
        place, period = one.supplier.sector_institution, one.period
        return (
            _named(self._text(one.fact), one.fact_type),
            _named(self._text(one.supplier_name), f"{place.sector}.{place.institution}"),
            _day(period.begin_date),
            _day(period.end_date) if period.HasField("end_date") else self.said["ongoing"],
            _instant(one.as_of.ToDatetime(UTC)),
            _day(one.expires_on),
            one.ssin,
        )

    def _use(self, one: audit_pb.Consultation) -> Sequence[Child]:
        customer = one.customer if one.HasField("customer") else None
        sources = [element("li", _named(source.name, source.cbe_number)) for source in one.sources]
        return (
            _instant(one.occurred_at.ToDatetime(UTC)),
            self._text(one.step),
            _named(customer.name, customer.cbe_number) if customer else self.said["mesh"],
            self._text(one.data) or one.data_contract,
            element("ul", sources) if sources else "",
            one.legal_context,
            self._ground(one),
            str(one.proof.log_index) if one.HasField("proof") else self.said["pending"],
        )

    def _ground(self, one: audit_pb.Consultation) -> Child:
        number = one.deliberation_number
        base = self.register or one.deliberation_url.rpartition("/nl/")[0]
        if not number or not base.startswith(("https://", "./", "../", "file:///")):
            return number
        path = f"{base.rstrip('/')}/{self.language}/{slug(number)}.html"
        return element("a", number, href=path, rel="noreferrer")

    def _text(self, words: Any) -> str:
        return str(getattr(words, self.language))


def _named(name: str, number: str) -> Child:
    return f"{name} ({number})" if name else number


def _day(day: date_pb2.Date) -> Element:
    written = f"{day.day:02}/{day.month:02}/{day.year}"
    return element("time", written, datetime=f"{day.year:04}-{day.month:02}-{day.day:02}")


def _instant(at: datetime) -> Element:
    written = at.astimezone(_BELGIUM).strftime("%d/%m/%Y %H:%M:%S")
    return element("time", written, datetime=at.astimezone(UTC).isoformat())
