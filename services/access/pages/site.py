"""The whole register: an index in each language, indices by what people look for, a page each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files

from cbss.access.v1 import deliberation_pb2 as pb

from services.access.pages.deliberations import address, body, named, slug, span, state
from services.access.pages.html import Element, element, joined
from services.access.pages.words import LANGUAGES, Words, words

INDICES = ("index", "contexts", "recipients", "contracts")
_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'none'"


def site(register: Iterable[pb.Deliberation]) -> Iterator[tuple[str, str]]:
    """Every file of the register: its path below the folder, and what it holds."""
    versions: dict[str, list[pb.Deliberation]] = defaultdict(list)
    for one in register:
        versions[one.number].append(one)
    latest = [several[-1] for _, several in sorted(versions.items())]
    data = files("services.access") / "data"
    yield "register.css", (data / "register.css").read_text("utf-8")
    yield "search.js", (data / "search.js").read_text("utf-8")
    yield "index.html", _doorway()
    for language in LANGUAGES:
        said = words(language)
        for name in INDICES:
            yield f"{language}/{name}.html", _index(name, latest, said)
        for several in versions.values():
            for one in several:
                title = f"{one.number} - {getattr(one.title, language)}"
                page = _page(title, address(one), body(one, several, said), said)
                yield f"{language}/{address(one)}", page
                if one is several[-1]:
                    # The number alone is an address too, that stays when the text is amended.
                    yield f"{language}/{slug(one.number)}.html", page


def _index(name: str, latest: Sequence[pb.Deliberation], said: Words) -> str:
    heading = said[_HEADINGS[name]]
    content = joined(
        (
            element("h1", said["register"] if name == "index" else heading),
            element("p", said["intro"]) if name == "index" else None,
            _search(said),
            element("p", element("span", str(len(latest)), class_="count"), " ", said["results"])
            if name == "index"
            else None,
            _all(latest, said) if name == "index" else _grouped(name, latest, said),
            element("script", src="../search.js", defer=""),
        )
    )
    return _page(heading, f"{name}.html", content, said)


_HEADINGS = {
    "index": "all",
    "contexts": "by_context",
    "recipients": "by_recipient",
    "contracts": "by_contract",
}


def _recipients(one: pb.Deliberation) -> list[str]:
    return [*map(named, one.recipients), *(named(acc.recipient) for acc in one.accessions)]


_GROUPS: Mapping[str, tuple[Callable[[pb.Deliberation], Iterable[str]], str]] = {
    "contexts": (lambda one: one.legal_contexts, "legal_contexts"),
    "recipients": (_recipients, "recipients"),
    "contracts": (
        lambda one: [
            f"{block.data_contract} {block.contract_version}" for block in one.data_blocks
        ],
        "contract",
    ),
}


def _all(latest: Sequence[pb.Deliberation], said: Words) -> Element:
    rows = [
        element(
            "tr",
            element("th", element("a", one.number, href=address(one)), scope="row"),
            element("td", said.text(one.title)),
            element("td", state(one.state, said)),
            element("td", span(one.validity, said)),
            data_words=" ".join([*one.legal_contexts, *_recipients(one), *map(named, one.senders)]),
        )
        for one in latest
    ]
    return _table(said["all"], ("number", "title", "state", "validity"), rows, said)


def _grouped(name: str, latest: Sequence[pb.Deliberation], said: Words) -> Element:
    group, heading = _GROUPS[name]
    found: dict[str, list[pb.Deliberation]] = defaultdict(list)
    for one in latest:
        for key in dict.fromkeys(group(one)):
            found[key].append(one)
    rows = [
        element(
            "tr",
            element("th", key, scope="row"),
            element("td", element("a", one.number, href=address(one))),
            element("td", said.text(one.title)),
            element("td", state(one.state, said)),
        )
        for key, several in sorted(found.items())
        for one in several
    ]
    return _table(said["all"], (heading, "number", "title", "state"), rows, said)


def _table(caption: str, heads: Sequence[str], rows: Sequence[Element], said: Words) -> Element:
    columns = [element("th", said[head], scope="col") for head in heads]
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", columns)),
        element("tbody", rows),
    )


def _search(said: Words) -> Element:
    label = element("label", said["search"], for_="search")
    box = element("input", type="search", id="search", autocomplete="off")
    return element("div", label, box, class_="search", hidden="")


def _page(title: str, here: str, content: Element, said: Words) -> str:
    navigation = [
        element("li", element("a", said[_HEADINGS[name]], href=f"{name}.html")) for name in INDICES
    ]
    languages = [
        element(
            "li",
            element(
                "a",
                words(language)["language"],
                href=f"../{language}/{here}",
                lang=language,
                hreflang=language,
            ),
        )
        for language in LANGUAGES
        if language != said.language
    ]
    return _document(
        said.language,
        f"{title} | {said['register']}" if title != said["register"] else title,
        "../register.css",
        joined(
            (
                element("a", said["skip"], href="#content", class_="skip"),
                element(
                    "header",
                    element("p", said["register"]),
                    element("nav", element("ul", navigation), aria_label=said["register"]),
                    element("nav", element("ul", languages), aria_label=said["languages"]),
                ),
                element("main", content, id="content"),
            )
        ),
    )


def _doorway() -> str:
    links = [
        element(
            "li",
            element("a", words(one)["register"], href=f"{one}/index.html", lang=one, hreflang=one),
        )
        for one in LANGUAGES
    ]
    heading = " / ".join(words(one)["register"] for one in LANGUAGES)
    content = element("main", element("h1", heading), element("ul", links))
    return _document("nl", heading, "register.css", content)


def _document(language: str, title: str, style: str, content: Element) -> str:
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("title", title),
        element("link", rel="stylesheet", href=style),
    )
    return f"<!doctype html>\n{element('html', head, element('body', content), lang=language)}\n"
