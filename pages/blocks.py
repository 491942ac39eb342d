"""What pages are made of, without a word about how it is written: that is `templates/blocks.html`.

`shape` names the macro that writes a value; a text is written as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or an instant: as people write it, and as programs do."""

    written: str
    machine: str
    shape: ClassVar[str] = "moment"


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere."""

    text: str
    address: str
    leaves: bool = False
    """Whether it leads to what others publish, who need not know where somebody came from."""
    shape: ClassVar[str] = "link"


@dataclass(frozen=True, slots=True)
class Code:
    """A word of programs, that may go on in the next line after each of its parts."""

    parts: tuple[str, ...]
    meaning: "Cell" = ""
    shape: ClassVar[str] = "code"


@dataclass(frozen=True, slots=True)
class Foreign:
    """A text in another language than that of the page."""

    text: str
    language: str
    shape: ClassVar[str] = "foreign"


@dataclass(frozen=True, slots=True)
class State:
    """A word in a frame."""

    text: str
    name: str
    shape: ClassVar[str] = "state"


@dataclass(frozen=True, slots=True)
class Row:
    """Several one after the other."""

    parts: "tuple[Cell, ...]"
    shape: ClassVar[str] = "row"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    entries: "tuple[Cell, ...]"
    shape: ClassVar[str] = "bullets"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; with an anchor where something points to it."""

    content: "Cell"
    shape: ClassVar[str] = "paragraph"


@dataclass(frozen=True, slots=True)
class Terms:
    """Pairs of a term and what is said of it."""

    pairs: "tuple[tuple[str, Cell], ...]"
    shape: ClassVar[str] = "terms"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. On a phone, and on paper if it is wide, each row stands below the other with the
    heads beside its cells."""

    caption: str
    heads: tuple[str, ...]
    rows: "tuple[tuple[Cell, ...], ...]"
    searched: tuple[str, ...] = ()
    """What a row is found by beside what it shows, a text for each."""
    shape: ClassVar[str] = "grid"

    @property
    def is_wide(self) -> bool:
        """Whether it has more columns than a sheet of paper holds."""
        return len(self.heads) > 8


@dataclass(frozen=True, slots=True)
class Anchored:
    """A value that has an address of its own within the page."""

    anchor: str
    content: "Cell"
    shape: ClassVar[str] = "anchored"


Cell = (
    str
    | Moment
    | Link
    | Code
    | Foreign
    | State
    | Row
    | Bullets
    | Paragraph
    | Terms
    | Grid
    | Anchored
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under a heading."""

    anchor: str
    heading: str
    content: tuple[Cell, ...]


def breakable(text: str, after: str = ":_./") -> tuple[str, ...]:
    """A long code in parts, after each of which a line may end."""
    parts = [""]
    for letter in text:
        parts[-1] += letter
        if letter in after:
            parts.append("")
    return tuple(part for part in parts if part)


def bullets(entries: Sequence[Cell]) -> Cell:
    """A list; nothing if there is nothing in it."""
    return Bullets(tuple(entries)) if entries else ""
