"""The extract as one page for people.

The page holds everything it needs: no script, no picture, no style from elsewhere. It can be kept,
sent and printed. What it shows was written by others, and is text whatever it looks like.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import RootModel

from sandbox.extract import Extract
from sandbox.extract.beside import Told, beside
from sandbox.extract.rows import HEADS, Rows
from sandbox.extract.values import instant
from services.access.pages.html import Child, Element, element
from services.concepts.dated import load
from services.kit.clock import belgian_day

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
  border-bottom: 1px solid #c8c8c8; overflow-wrap: break-word; hyphens: auto;
  font-variant-numeric: tabular-nums; }
td ul { margin: 0; padding-left: 1rem; }
section { overflow-x: auto; }
@media print {
  nav { display: none; }
  body { font-size: 9pt; padding: 0; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  h2 { break-after: avoid; }
}
"""


def as_page(extract: Extract, language: str, register: str | None = None) -> str:
    """The extract for people, in a language."""
    said = _words()[language]
    page = _Page(said, Rows(language, said, register, extract.names()))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("title", said["title"]),
        element("style", Element(_STYLE)),
    )
    return f"<!doctype html>\n{element('html', head, page.body(extract), lang=language)}\n"


class _File(RootModel[dict[str, dict[str, str]]]):
    """The words, by language."""


@cache
def _words() -> dict[str, dict[str, str]]:
    return load("sandbox", "data/extract.yaml", _File).root


@dataclass(frozen=True)
class _Page:
    said: dict[str, str]
    rows: Rows

    def body(self, extract: Extract) -> Element:
        said, rows = self.said, self.rows
        sections = {
            "numbers": self._table("numbers", map(rows.number, extract.numbers)),
            "cards": self._table("cards", map(rows.card, extract.cards)),
            "person_data": self._table("person_data", map(rows.datum, extract.data)),
            "files": self._table("files", map(rows.file, extract.files)),
            "facts": self._table("facts", map(rows.fact, extract.facts)),
            "reports": self._table("reports", map(rows.report, extract.reports)),
            "decisions": self._table("decisions", map(rows.decision, extract.decisions)),
            "consultations": self._table("consultations", map(rows.use, extract.consultations)),
            "rights": self._beside(beside(belgian_day(extract.made_at))),
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
                    element("dd", instant(extract.made_at)),
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

    def _beside(self, told: Iterable[Told]) -> Element:
        language = self.rows.language
        return element(
            "dl",
            [
                (
                    element("dt", one.title[language]),
                    element("dd", f"{one.text[language]} ({self.said['article']} {one.article})"),
                )
                for one in told
            ],
        )

    def _table(self, name: str, rows: Iterable[Sequence[Child]]) -> Element:
        written = [
            element("tr", element("th", first, scope="row"), [element("td", one) for one in rest])
            for first, *rest in rows
        ]
        if not written:
            return element("p", self.said["none"])
        columns = [element("th", self.said[head], scope="col") for head in HEADS[name]]
        return element(
            "table",
            element("caption", f"{self.said[name]}: {len(written)}"),
            element("thead", element("tr", columns)),
            element("tbody", written),
        )
