"""What pages say in a language: their own words, and codes and phrases of others in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from cbss.common.v1 import words_pb2
from google.type import date_pb2
from pydantic import Field

from pages.blocks import Cell, Code, Foreign, Moment, breakable
from services.concepts import written
from services.concepts.contract_words import contract_words
from services.concepts.dated import load
from services.concepts.text import Text

LANGUAGES = ("nl", "fr", "de")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one kind of page in one language."""

    language: str
    said: Mapping[str, str]

    def __getitem__(self, word: str) -> str:
        return self.said[word]

    def in_language(self, text: Text | words_pb2.Words) -> str:
        """A text that exists in all official languages; beside them pages have their own words in
        English, and show those of the network in the first."""
        return str(getattr(text, self.official))

    @property
    def official(self) -> str:
        """The official language that stands for the page's own."""
        return self.language if self.language in LANGUAGES else LANGUAGES[0]

    def told(self, text: Text | words_pb2.Words) -> Cell:
        """The same, marked for readers aloud where it is in another language than the page."""
        said = self.in_language(text)
        return said if self.official == self.language else Foreign(said, self.official)

    def text(self, wording: Any) -> Cell:
        """A text of others; if it is not told in this language, what we know of it, or another
        language, marked as such for readers aloud."""
        for language in (self.language, *LANGUAGES, "en"):
            if said := getattr(wording, language):
                return str(said) if language == self.language else self.phrase(said, language)
        return ""

    def phrase(self, text: str, language: str = "en") -> Cell:
        """What is written in another language, translated if it is a phrase that we know."""
        known = _terms()["phrases"].get(text)
        return Foreign(text, language) if known is None else self.in_language(known)

    def name(self, name: str) -> str:
        """What an organization is called here; as it is given, if we know no better."""
        known = _terms()["names"].get(name)
        return name if known is None or self.language == "en" else self.in_language(known)

    def path(self, path: str) -> Cell:
        """The path of a field, and what it is about; `*` is everything."""
        if path == "*":
            return self["every_field"]
        fields = _terms()["fields"]
        known = [fields.get(name) for name in path.split(".")]
        meaning = " - ".join(self.in_language(one) for one in known if one is not None)
        return Code(breakable(path), "" if self.language == "en" else meaning)

    def field(self, name: str) -> str:
        """What a field of a data contract is called on this page, or else on all of them."""
        known = self.said.get(f"field_{name}")
        if known is None and self.language != "en" and name in _terms()["fields"]:
            known = self.in_language(_terms()["fields"][name])
        return known or name.replace("_", " ")

    def contract(self, code: str, version: int) -> Cell:
        """A data contract by its code, and what kind of data that is."""
        words = self.in_language(contract_words(code))
        return Code(breakable(f"{code} {version}"), "" if words == code else words)

    def day(self, day: date_pb2.Date) -> Moment:
        """A day as Belgians write it, and as programs do."""
        written = f"{day.day:02}/{day.month:02}/{day.year}"
        return Moment(written, f"{day.year}-{day.month:02}-{day.day:02}")


class _File(written.Part):
    nl: dict[str, str]
    fr: dict[str, str]
    de: dict[str, str]
    en: dict[str, str] = Field(default_factory=dict)
    """Where somebody may choose English."""


_Said = tuple[str, str, str]


class _Terms(written.Part):
    fields: dict[str, _Said]
    phrases: dict[str, _Said]
    names: dict[str, _Said]


@cache
def words(page: str, language: str) -> Words:
    """The words of a kind of page (`register`, `extract`) in a language."""
    return Words(language, getattr(load("pages", f"data/{page}.yaml", _File), language))


@cache
def _terms() -> Mapping[str, Mapping[str, Text]]:
    """Names of fields, phrases and names of organizations, by what they are called in English."""
    held = load("pages", "data/terms.yaml", _Terms)
    return {kind: {name: Text(*said) for name, said in known.items()} for kind, known in held}
