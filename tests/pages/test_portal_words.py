"""The words of the portal: every text in every language, with all forms of its plurals."""

from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from pages.portal.engine import catalogue, translations

ROOT = Path(str(files("pages"))).parent
TRANSLATED = ("nl", "fr", "de")


def texts():
    """Every text of templates and code; a plural is a pair."""
    python = [*ROOT.glob("services/portal/**/*.py"), *ROOT.glob("pages/portal/*.py")]
    found = set()
    for path in python:
        words = {"say": None, "_marked": None}
        found |= {one[1] for one in extract_from_file("python", path, keywords=words)}
    for path in ROOT.glob("pages/templates/portal/*.html"):
        words = {"_": None, "gettext": None, "ngettext": (1, 2)}
        told = extract_from_file("jinja2.ext:babel_extract", path, keywords=words)
        found |= {one[1] for one in told}
    return found


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_every_text_and_no_other(language):
    held = {
        one.id if isinstance(one.id, str) else tuple(one.id)
        for one in catalogue(language)
        if one.id
    }

    assert held == texts()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_empty_unsure_or_without_a_form(language):
    words = catalogue(language)

    for one in words:
        forms = [one.string] if isinstance(one.string, str) else list(one.string)
        assert not one.id or all(forms), one.id
        assert not one.fuzzy, one.id
        assert isinstance(one.id, str) or len(forms) == words.num_plurals
        # What is filled in stands in every language.
        assert all(("%(num)s" in form) == ("%(num)s" in str(one.id)) for form in forms)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", ["0 regels", "1 regel", "2 regels"]),
        ("fr", ["0 ligne", "1 ligne", "2 lignes"]),
        ("de", ["0 Einträge", "1 Eintrag", "2 Einträge"]),
        ("en", ["0 entries", "1 entry", "2 entries"]),
    ],
)
def test_what_is_counted_has_the_form_of_its_number(language, said):
    words = translations(language)

    told = [words.ngettext("%(num)s entry", "%(num)s entries", n) % {"num": n} for n in (0, 1, 2)]

    assert told == said
