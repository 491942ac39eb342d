"""Words with places to fill in, in the three official languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.concepts.text import Text

LANGUAGES = ("nl", "fr", "de")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A condition that was not met, and what would change it."""

    said: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class Wording:
    """The words, by what they are for."""

    conditions: Mapping[str, Sentence]
    tests: Mapping[str, Text]
    limits: Mapping[str, Text]


def fill(template: Text, parts: Mapping[str, Text | str]) -> Text:
    """The template with its places filled in, each in its language."""

    def said(language: str) -> str:
        told = {
            name: part if isinstance(part, str) else str(getattr(part, language))
            for name, part in parts.items()
        }
        return str(getattr(template, language)).format(**told)

    return Text(*map(said, LANGUAGES))


def join(parts: list[Text]) -> Text:
    """Texts as one, with commas."""
    return Text(*(", ".join(getattr(one, name) for one in parts) for name in LANGUAGES))
