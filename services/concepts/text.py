"""Texts: what people read in the three official languages, and what a text of others may hold."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One thing in Dutch, French and German. Exists only if it is told in all three."""

    nl: str
    fr: str
    de: str

    def __post_init__(self) -> None:
        if not (self.nl and self.fr and self.de):
            raise ValueError("must be told in all three languages")


def visible(text: str) -> str:
    """The text without what nobody sees: white space folded to one space, format characters and
    controls (soft hyphen, zero width space, marks of direction, NUL) gone."""
    seen = (one for one in text if one.isspace() or not unicodedata.category(one).startswith("C"))
    return " ".join("".join(seen).split())


def is_plain(text: str) -> bool:
    """Whether the text has no control, format or unassigned character; no database takes them all.

    Line breaks and tabs are right in a longer text that people wrote.
    """
    return text.isprintable() or not any(map(_is_unusable, text))


def _is_unusable(one: str) -> bool:
    return one not in "\n\r\t" and unicodedata.category(one) in ("Cc", "Cf", "Cs", "Cn", "Co")
