"""What the pages say in a language, and texts of deliberations in that language."""

from dataclasses import dataclass
from functools import cache

from cbss.access.v1 import deliberation_pb2 as pb
from google.type import date_pb2

from services.access.pages.html import Element, element
from services.concepts import written
from services.concepts.dated import load

LANGUAGES = ("nl", "fr", "de")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: str
    said: dict[str, str]

    def __getitem__(self, word: str) -> str:
        return self.said[word]

    def text(self, wording: pb.Wording) -> Element | str:
        """A text in this language; if it has none, another, marked as such for readers aloud."""
        for language in (self.language, *LANGUAGES, "en"):
            if said := getattr(wording, language):
                if language == self.language:
                    return str(said)
                return element("span", said, lang=language)
        return ""

    def day(self, day: date_pb2.Date) -> Element:
        """A day as Belgians write it, and as programs do."""
        written = f"{day.day:02}/{day.month:02}/{day.year}"
        return element("time", written, datetime=f"{day.year}-{day.month:02}-{day.day:02}")


class _File(written.Part):
    nl: dict[str, str]
    fr: dict[str, str]
    de: dict[str, str]


@cache
def words(language: str) -> Words:
    """The words of a language."""
    return Words(language, getattr(load("services.access", "data/register.yaml", _File), language))
