"""The extract as one page for people.

The page holds everything it needs: no script, no picture, no style from elsewhere. It can be kept,
sent and printed. What it shows was written by others, and is text whatever it looks like.
"""

from collections.abc import Iterable, Iterator

from pages.blocks import Cell, Grid, Paragraph, Section, Terms
from pages.engine import read_shipped, render
from pages.extract import Extract
from pages.extract.beside import beside
from pages.extract.rows import HEADS, Rows
from pages.extract.values import instant
from pages.words import Words, words
from services.kit.clock import belgian_day

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def as_page(extract: Extract, language: str, register: str | None = None) -> str:
    """The extract for people, in a language."""
    said = words("extract", language)
    about = ((said["about"], extract.ssin), (said["made_at"], instant(extract.made_at)))
    return render(
        "extract.html",
        language=language,
        title=said["title"],
        policy=_POLICY,
        style=read_shipped("extract.css"),
        said=said.said,
        about=Terms(about),
        sections=list(_sections(extract, said, register)),
    )


def _sections(extract: Extract, said: Words, register: str | None) -> Iterator[Section]:
    rows = Rows(said.language, said.said, register, extract.names())
    yield _table("numbers", map(rows.number, extract.numbers), said)
    yield _table("cards", map(rows.card, extract.cards), said)
    yield _table("person_data", map(rows.datum, extract.data), said)
    yield _table("files", map(rows.file, extract.files), said)
    yield _table("facts", map(rows.fact, extract.facts), said)
    yield _table("reports", map(rows.report, extract.reports), said)
    yield _table("decisions", map(rows.decision, extract.decisions), said)
    yield _table("consultations", map(rows.use, extract.consultations), said)
    yield Section("rights", said["rights"], (_beside(extract, said),))


def _beside(extract: Extract, said: Words) -> Cell:
    told = beside(belgian_day(extract.made_at))
    return Terms(
        tuple(
            (
                one.title[said.official],
                f"{one.text[said.official]} ({said['article']} {one.article})",
            )
            for one in told
        )
    )


def _table(name: str, rows: Iterable[tuple[Cell, ...]], said: Words) -> Section:
    written = tuple(rows)
    content: Cell = Paragraph(said["none"])
    if written:
        heads = tuple(said[head] for head in HEADS[name])
        content = Grid(f"{said[name]}: {len(written)}", heads, written)
    return Section(name, said[name], (content,))
