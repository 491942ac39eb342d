"""What a text refers to stands in the repository: laws, sources, other texts."""

import re
import subprocess

from tests.architecture.project import ROOT

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
LAWS = frozenset(map(int, re.findall(r"^\| ([0-9]+) \| \*\*", CONTRIBUTING, re.MULTILINE)))
SLIDE = re.compile(r"\bslides? ((?:[0-9]+(?:, | and | to )?\n?)+)")
LAW = re.compile(r"(?<!by-)\blaws? ([0-9]+(?:(?:, | and | to )[0-9]+)*)", re.IGNORECASE)
TEXT = re.compile(r"[A-Za-z0-9_./-]+\.md\b")
ELSEWHERE = re.compile(
    r"\b(?:design|domain|style)(?: law|, ?(?:section )?[0-9]| [0-9]+\.[0-9])|\bseed slide"
)
WRITTEN = (".py", ".md", ".yaml", ".sql", ".proto", ".toml", ".js", ".css", ".html")


def spanned(numbers):
    """Every number of `11, 15 and 36 to 39`."""
    found = set()
    for first, last in re.findall(r"([0-9]+)(?: to ([0-9]+))?", numbers):
        found.update(range(int(first), int(last or first) + 1))
    return found


KNOWN_SLIDES = set().union(
    *(spanned(row) for row in re.findall(r"^  \| ([0-9]+(?: to [0-9]+)?) \|", CONTRIBUTING, re.M))
)


def texts():
    """The texts of the repository that people wrote."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    own = "tests/architecture/test_references.py"
    names = [one for one in (*listed, "Makefile") if one.endswith(WRITTEN) or one == "Makefile"]
    return {
        name: (ROOT / name).read_text("utf-8")
        for name in names
        if name != own and (ROOT / name).exists()
    }


TEXTS = texts()


def flat(text):
    """A text in one line, without the marks of comments at the beginning of its lines."""
    return re.sub(r"\s*\n\s*(?:#|//|--)?\s*", " ", text)


def test_the_laws_are_ten():
    assert set(range(1, 11)) == LAWS
    assert {11, 17, 23, 38} <= KNOWN_SLIDES


def test_a_law_that_is_cited_is_one_of_them():
    cited = {
        (name, law)
        for name, text in TEXTS.items()
        for numbers in LAW.findall(flat(text))
        for law in spanned(numbers)
    }

    assert {(name, law) for name, law in cited if law not in LAWS} == set()
    assert len({law for _, law in cited}) > 3


def test_a_slide_that_is_cited_is_told_of():
    cited = {
        (name, slide)
        for name, text in TEXTS.items()
        for numbers in SLIDE.findall(flat(text))
        for slide in spanned(numbers)
    }

    assert {(name, slide) for name, slide in cited if slide not in KNOWN_SLIDES} == set()
    assert {name.split("/")[1] for name, _ in cited if name.startswith("services/")} > {"access"}


def test_the_map_names_every_room():
    named = set(re.findall(r"^\| `([a-z/_0-9.]+)` \|", CONTRIBUTING, re.MULTILINE))
    rooms = {
        f"{name.rsplit('/', 1)[0]}/"
        for name in TEXTS
        if re.fullmatch(r"(?:services/)?[a-z0-9]+/[^/]+", name) and name != "services/mesh.py"
    }

    assert rooms - {"services/"} <= named


def test_a_text_that_is_named_is_there():
    there = {name.rpartition("/")[2] for name in TEXTS}
    missing = {
        (name, named)
        for name, text in TEXTS.items()
        for named in TEXT.findall(text)
        if named.rpartition("/")[2] not in there
    }

    assert missing == set()


def test_no_text_refers_to_a_document_elsewhere():
    found = {name: ELSEWHERE.findall(flat(text)) for name, text in TEXTS.items()}

    assert {name: said for name, said in found.items() if said} == {}
