"""Templates with the catalogue of a language: words, plurals, days and numbers as people write
them."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, PackageLoader, StrictUndefined

SOURCE = "en"
"""The language of the templates themselves."""
CALLED = {"nl": "Nederlands", "fr": "Français", "de": "Deutsch", "en": "English"}
"""What the languages are called, each in itself."""


def catalogue(language: str) -> Catalog:
    """The words of a language as translators wrote them."""
    text = files("pages").joinpath("locale", language, "portal.po").read_bytes()
    return read_po(BytesIO(text), locale=language, abort_invalid=True)


@cache
def translations(language: str) -> NullTranslations:
    """The words of a language, ready to be asked."""
    if language == SOURCE:
        return NullTranslations()
    written = BytesIO()
    write_mo(written, catalogue(language))
    written.seek(0)
    return Translations(written)


def words_in(language: str) -> Callable[[str], str]:
    """What says a text of ours in a language."""
    return translations(language).gettext


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    return environment


def render(template: str, language: str, **told: object) -> str:
    """A page of the portal."""
    given = {"language": language, "called": CALLED, **told}
    return _environment(language).get_template(f"portal/{template}.html").render(given)
