"""The public register as pages: whole, linked, escaped; and read in a real browser."""

import functools
import http.server
import json
import re
import threading
import unicodedata
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files as resources
from pathlib import Path

import pytest
import yaml
from google.protobuf import descriptor_pb2

from gateway.edges import DESCRIPTORS
from pages.register.acts import slug
from pages.register.site import INDICES, site
from pages.words import LANGUAGES, words
from services.access.load import files
from services.access.model import Standing
from services.access.store.parties import places
from services.access.wire.deliberations import encode_deliberation
from services.concepts.organization import SectorInstitution
from services.identification.rules.spelling import folded
from tests.support.browser import browser
from tests.support.deliberations import TODAY
from tests.support.deliberations import deliberation as text_of

SHIPPED = sorted(Path(str(resources("sandbox") / "deliberations")).glob("*.yaml"))
NUMBERS = len(SHIPPED) + 2
"""Deliberations: those of the sandbox, and two made here, one of which has two versions."""
HOSTILE = '<script>alert("x")</script> & "quotes"'


def name(organization):
    return places().get(organization, "") if isinstance(organization, SectorInstitution) else ""


def messages():
    """The register of the sandbox, an amended act, and one with hostile texts."""
    read = files.read(SHIPPED)
    texts = [one.deliberation for one in read.reviewed]
    title = {"nl": HOSTILE, "fr": HOSTILE, "de": HOSTILE, "en": HOSTILE}
    texts += [
        text_of(title=title, purpose=HOSTILE, conditions=[HOSTILE]),
        text_of(version=2, valid_from="2026-03-01", title=title, status="SUSPENDED"),
        text_of(
            number="IVC/KSZG/98/777",
            legal_contexts=["PCSW:LIMITED"],
            conditions=["only on Mondays"],
            data_blocks=[
                {
                    "contract": "SOCIAL_STATUS",
                    "version": 1,
                    "modes": ["ONLINE"],
                    "criteria": [
                        {"field": "statuses.name", "values": ["BIM_BVT", "A_B"]},
                        {"field": "statuses.minimum_age", "minimum": 18, "maximum": 65},
                        {"field": "statuses.parameters", "absent": True},
                    ],
                    "fields": ["statuses.result"],
                }
            ],
        ),
    ]
    return [encode_deliberation(one, name, one.standing_on(TODAY)) for one in texts]


@pytest.fixture(scope="module")
def pages():
    return dict(site(messages()))


@pytest.fixture(scope="module")
def folder(pages, tmp_path_factory):
    out = tmp_path_factory.mktemp("register")
    for path, content in pages.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(content, "utf-8")
    return out


class Outline(HTMLParser):
    """What matters for reading aloud and for links."""

    def __init__(self, page):
        super().__init__()
        self.links, self.ids, self.headings, self.scripts = [], [], [], []
        self.language, self.unscoped = None, 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        self.ids += [told["id"]] if "id" in told else []
        self.links += [told["href"]] if "href" in told else []
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        self.scripts += [told.get("src")] if tag == "script" else []
        self.unscoped += tag == "th" and "scope" not in told
        self.language = told.get("lang") if tag == "html" else self.language


def test_every_version_has_a_page_in_each_language(pages):
    numbers = {path.rpartition("/")[2] for path in pages if "/ivc-" in path}

    assert len(numbers) == len(SHIPPED) + 3 + NUMBERS
    assert {f"{language}/{page}" for language in LANGUAGES for page in numbers} <= pages.keys()
    assert "nl/ivc-kszg-98-001-v2.html" in pages
    assert pages["nl/ivc-kszg-98-001.html"] == pages["nl/ivc-kszg-98-001-v2.html"]


def test_every_link_leads_somewhere(pages):
    for path, content in pages.items():
        if path.endswith(".html"):
            for link in Outline(content).links:
                if not link.startswith("#"):
                    target = (Path("/") / path).parent / link
                    assert str(target.resolve().relative_to("/")) in pages, (path, link)


def test_pages_can_be_read_aloud(pages):
    for path, content in pages.items():
        if path.endswith(".html"):
            outline = Outline(content)
            steps = list(zip(outline.headings, outline.headings[1:], strict=False))
            assert outline.language == (path.partition("/")[0] if "/" in path else "nl")
            assert outline.headings.count(1) == 1
            assert all(after - before <= 1 for before, after in steps)
            assert outline.unscoped == 0
            assert len(outline.ids) == len(set(outline.ids))


def test_a_refusal_can_point_to_the_field_that_decided(pages):
    outline = Outline(pages["fr/ivc-kszg-99-003.html"])

    for field in (
        "legal_contexts",
        "validity",
        "recipients",
        "data_blocks",
        "accessions",
        "period",
    ):
        assert field in outline.ids


def test_texts_are_never_markup(pages):
    page = pages["de/ivc-kszg-98-001-v1.html"]

    assert "<script>alert" not in page
    assert HOSTILE in unescape(re.sub("<[^>]+>", "", page))


def test_no_page_needs_a_script_or_anything_from_elsewhere(pages):
    for path, content in pages.items():
        if path.endswith(".html"):
            assert set(Outline(content).scripts) <= {"../search.js"}
            assert "http:" not in content
            assert "https:" not in content


def test_every_language_has_every_word():
    known = [set(words("register", language).said) for language in LANGUAGES]

    assert known[0] == known[1] == known[2]
    assert {standing.value for standing in Standing} <= known[0]


def test_what_is_not_translated_is_marked_as_such(pages):
    assert '<span lang="en">only on Mondays</span>' in pages["nl/ivc-kszg-98-777.html"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_is_told_in_the_language_of_the_page(pages, path):
    number = yaml.safe_load(path.read_text("utf-8"))["number"]
    for language in LANGUAGES:
        page = pages[f"{language}/{slug(number)}.html"]
        foreign = re.findall(r'<span lang="(..)">', page)
        assert foreign == []


def test_paths_of_fields_and_codes_of_qualities_are_explained_in_words(pages):
    told = {
        language: re.sub("<wbr>", "", pages[f"{language}/ivc-kszg-99-002.html"])
        for language in LANGUAGES
    }

    assert "handicap_recognitions.legislation</code>" in told["nl"]
    for language, expected in {
        "nl": ("erkenningen van een handicap - wetgeving", "Leefloon"),
        "fr": ("reconnaissances d&#39;un handicap - législation", "Revenu d&#39;intégration"),
        "de": ("Anerkennungen einer Behinderung - Gesetzgebung", "Eingliederungseinkommen"),
    }.items():
        assert all(f"({one}" in told[language] for one in expected)


def test_every_place_of_the_network_has_a_name_in_every_language():
    names = {name for name in places().values() if name.isascii() and " " in name}
    same = {"Digitaal Vlaanderen", "De Lijn", "SIGeDIS, Capelo"}

    for language in LANGUAGES:
        said = words("register", language)
        assert [name for name in sorted(names - same) if said.name(name) == name] == []


def test_every_field_of_every_data_contract_has_words():
    described = descriptor_pb2.FileDescriptorSet.FromString(DESCRIPTORS.read_bytes())
    names = {
        field.name
        for file in described.file
        if file.package == "cbss.data.v1"
        for message in file.message_type
        for field in message.field
    }

    assert [name for name in sorted(names) if not words("register", "nl").path(name).meaning] == []


PROBE = """
document.addEventListener("securitypolicyviolation", (event) =>
  document.body.setAttribute("data-violation", event.violatedDirective));
addEventListener("load", () => {
  const rows = () => [...document.querySelectorAll("tbody tr")].filter((row) => !row.hidden).length;
  const input = document.querySelector("input");
  const whole = rows();
  let found = "";
  for (const words of ["leefloon", "RAADPLEGING ocmw", "economy:social_tariff", "nergens"]) {
    input.value = words;
    input.dispatchEvent(new Event("input"));
    found += rows() + ",";
  }
  document.body.setAttribute("data-probe", [whole, found, document.querySelector(".search").hidden,
    document.documentElement.scrollWidth <= innerWidth,
    getComputedStyle(document.querySelector("header")).borderBottomStyle].join("|"));
});
"""


@pytest.fixture
def served(folder):
    """The register as a web server gives it, with pages that type into their search."""
    (folder / "probe.js").write_text(PROBE)
    for name in INDICES:
        page = (folder / f"nl/{name}.html").read_text("utf-8")
        probing = page.replace("</title>", '</title><script src="../probe.js"></script>')
        (folder / f"nl/probing-{name}.html").write_text(probing, "utf-8")
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        """Forbid scripts where the test asks for a page without."""
        if self.path.endswith("?plain"):
            self.send_header("Content-Security-Policy", "script-src 'none'")
        super().end_headers()

    def log_message(self, *_):
        """Nothing: a test is no place for it."""


def rows_of(dom):
    return len(re.findall(r"<tr[ >](?:(?!</tr>).)*ivc-kszg", dom, re.DOTALL))


def test_a_browser_without_scripts_shows_the_whole_register(tmp_path, served):
    dom = browser(tmp_path).dom(f"{served}/nl/probing-index.html?plain")

    assert rows_of(dom) == NUMBERS
    assert re.search(r'class="search" hidden', dom)
    assert "data-probe" not in dom


def test_a_browser_with_scripts_searches_while_one_types(tmp_path, served):
    dom = browser(tmp_path).dom(f"{served}/nl/probing-index.html", width=800)

    # All deliberations; found by a word, by two without regard to case, by context, and not at all.
    assert f'data-probe="{NUMBERS}|1,2,2,0,|false|true|solid"' in dom
    assert "data-violation" not in dom


LATIN = [
    letter
    for letter in map(chr, [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)])
    if unicodedata.name(letter, "").startswith("LATIN")
]
"""The letters of the languages of Europe, and many others."""


def test_letters_are_folded_as_where_persons_are_looked_for(tmp_path):
    script = resources("pages").joinpath("data/search.js").read_text("utf-8")
    folding = script[script.index("const letters") : script.index("const texts")]
    page = tmp_path / "folding.html"
    page.write_text(
        f"""<!doctype html><meta charset="utf-8"><body><script>{folding}
        const said = {json.dumps(LATIN)}.map(plain);
        document.body.dataset.said = said.map((one) => escape(one)).join(",");
        </script></body>""",
        "utf-8",
    )

    [said] = re.findall(r'data-said="([^"]*)"', browser(tmp_path).dom(page.as_uri()))
    told = dict(zip(LATIN, said.split(","), strict=True))

    # What is called by no letter of a to z is no letter to who looks for a person, and stays here.
    expected = {letter: folded(letter).lower() for letter in LATIN}
    assert {one: told[one] for one in LATIN if expected[one]} == {
        one: letters for one, letters in expected.items() if letters
    }
    assert (told["ß"], told["Ł"], told["ĳ"], told["Ǿ"]) == ("ss", "l", "ij", "o")


@pytest.mark.parametrize("name", INDICES)
def test_every_index_searches_and_none_is_wider_than_a_phone(tmp_path, served, name):
    dom = browser(tmp_path).dom(f"{served}/nl/probing-{name}.html", width=390)
    [probed] = re.findall(r'data-probe="([^"]*)"', dom)
    whole, found, is_hidden, fits, _ = probed.split("|")

    assert int(whole) > 0
    assert found.endswith(",0,")
    assert (is_hidden, fits) == ("false", "true")
    assert '<span class="count">0</span>' in dom


@pytest.mark.parametrize("width", [390, 768, 1200])
def test_no_page_of_a_deliberation_is_wider_than_its_window(tmp_path, folder, width):
    for page in ("nl/ivc-kszg-99-002.html", "de/ivc-kszg-99-041.html", "fr/ivc-kszg-98-777.html"):
        assert browser(tmp_path).overflow((folder / page).as_uri(), width=width) == 0


def test_a_deliberation_can_be_printed(tmp_path, folder):
    page = (folder / "de/ivc-kszg-99-002.html").as_uri()

    assert browser(tmp_path).printed(page, tmp_path / "page.pdf").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", ("één van BIM_BVT, A_B", "ten minste 18, ten hoogste 65", "mag niet worden")),
        ("fr", ("une des valeurs BIM_BVT, A_B", "au moins 18, au plus 65", "ne peut pas être")),
        ("de", ("einer von BIM_BVT, A_B", "mindestens 18, höchstens 65", "darf nicht")),
    ],
)
def test_what_may_be_asked_is_told_in_every_language(pages, language, said):
    page = pages[f"{language}/ivc-kszg-98-777-v1.html"]
    text = re.sub(r"<[^>]+>", "", page)

    for one in said:
        assert one in text
