"""What is shown of each part of what is kept about a person: the tables of his extract."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cbss.audit.v1 import audit_service_pb2 as audit_pb

from pages.blocks import Anchored, Cell, Grid, Paragraph, Section
from pages.extract import Extract
from pages.extract.rows import HEADS, Rows
from pages.words import words

REGISTER = "../../register"
"""Where the register of deliberations is, seen from a page about a person."""
NEWEST = 5
"""How many of a part are shown before somebody asks for all."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of the page of a person."""

    name: str
    """How it is called in addresses."""
    part: str
    """How it is asked of the mesh."""
    tables: tuple[str, ...]
    """The tables of the extract that are in it."""
    newest_first: bool = False


PARTS = (
    Shown("uses", "consultations", ("consultations",), newest_first=True),
    Shown("files", "files", ("files",)),
    Shown("data", "numbers", ("numbers", "cards", "person_data")),
    Shown("facts", "facts", ("facts",)),
    Shown("decisions", "decisions", ("decisions",), newest_first=True),
    Shown("reports", "reports", ("reports",), newest_first=True),
)
"""The parts, in the order in which they are shown."""
_LISTS: Mapping[str, tuple[str, Callable[[Rows, Any], tuple[Cell, ...]]]] = {
    "numbers": ("numbers", Rows.number),
    "cards": ("cards", Rows.card),
    "person_data": ("data", Rows.datum),
    "files": ("files", Rows.file),
    "facts": ("facts", Rows.fact),
    "reports": ("reports", Rows.report),
    "decisions": ("decisions", Rows.decision),
    "consultations": ("consultations", lambda rows, one: _proved(rows.use(one), one)),
}
"""For each table, the list of the extract that it shows, and what makes a row."""


def _proved(row: tuple[Cell, ...], use: audit_pb.Consultation) -> tuple[Cell, ...]:
    """The same row, with an address for what is found of its proof."""
    return (*row[:-1], Anchored(f"proof-{use.record_id}", row[-1]))


def part_named(name: str) -> Shown | None:
    """The part of an address; nothing if there is none."""
    return next((one for one in PARTS if one.name == name), None)


def heading(shown: Shown, language: str) -> str:
    """What a part is called."""
    return words("extract", language)["person_data" if shown.name == "data" else shown.tables[0]]


def count_entries(shown: Shown, extract: Extract) -> int:
    """How many entries a part has; of the registers, those that hold now or did."""
    return len(getattr(extract, _LISTS[shown.tables[-1]][0]))


def sections(
    shown: Shown, extract: Extract, language: str, most: int | None = None
) -> Iterator[Section]:
    """The tables of a part, whole or only the first entries."""
    said = words("extract", language)
    rows = Rows(language, said.said, REGISTER, extract.names())
    for table in shown.tables:
        attribute, make = _LISTS[table]
        held: Sequence[Any] = getattr(extract, attribute)
        if shown.newest_first:
            held = list(reversed(held))
        count = len(held)
        written = tuple(make(rows, one) for one in held[:most])
        content: Cell = Paragraph(said["none"])
        if written:
            heads = tuple(said[head] for head in HEADS[table])
            content = Grid(f"{said[table]}: {count}", heads, written)
        yield Section(table, said[table], (content,))
