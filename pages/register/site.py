"""The whole register: an index in each language, indices by what people look for, a page each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cbss.access.v1 import deliberation_pb2 as pb

from pages.blocks import Cell, Code, Grid, Link, breakable
from pages.engine import read_shipped, render
from pages.register.acts import address, heading, lead, party_name, sections, slug, span, state
from pages.words import LANGUAGES, Words, words

INDICES = ("index", "contexts", "recipients", "contracts")
_HEADINGS = {
    "index": "all",
    "contexts": "by_context",
    "recipients": "by_recipient",
    "contracts": "by_contract",
}
_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'none'"


def site(register: Iterable[pb.Deliberation]) -> Iterator[tuple[str, str]]:
    """Every file of the register: its path below the folder, and what it holds."""
    versions: dict[str, list[pb.Deliberation]] = defaultdict(list)
    for one in register:
        versions[one.number].append(one)
    latest = [several[-1] for _, several in sorted(versions.items())]
    yield "register.css", read_shipped("register.css")
    yield "search.js", read_shipped("search.js")
    yield "index.html", _doorway()
    for language in LANGUAGES:
        said = words("register", language)
        for name in INDICES:
            yield f"{language}/{name}.html", _index(name, latest, said)
        for several in versions.values():
            for one in several:
                page = _act(one, several, said)
                yield f"{language}/{address(one)}", page
                if one is several[-1]:
                    # The number alone is an address too, that stays when the text is amended.
                    yield f"{language}/{slug(one.number)}.html", page


def _act(one: pb.Deliberation, versions: Sequence[pb.Deliberation], said: Words) -> str:
    return render(
        "register/act.html",
        **_frame(f"{one.number} - {getattr(one.title, said.language)}", address(one), said),
        heading=heading(one, said),
        lead=lead(one, said),
        sections=list(sections(one, versions, said)),
    )


def _index(name: str, latest: Sequence[pb.Deliberation], said: Words) -> str:
    title = said[_HEADINGS[name]]
    is_whole = name == "index"
    return render(
        "register/index.html",
        **_frame(title, f"{name}.html", said),
        heading=said["register"] if is_whole else title,
        intro=said["intro"] if is_whole else "",
        table=_all(latest, said) if is_whole else _grouped(name, latest, said),
        counted=said["results" if is_whole else "entries"],
    )


def _frame(title: str, here: str, said: Words) -> dict[str, object]:
    """What every page of a language has around it."""
    return {
        "language": said.language,
        "title": f"{title} | {said['register']}",
        "policy": _POLICY,
        "said": said.said,
        "here": here,
        "indices": [(name, said[_HEADINGS[name]]) for name in INDICES],
        "languages": [
            (other, words("register", other)["language"])
            for other in LANGUAGES
            if other != said.language
        ],
    }


def _doorway() -> str:
    called = [(one, words("register", one)["register"]) for one in LANGUAGES]
    title = " / ".join(name for _, name in called)
    return render(
        "register/doorway.html", language="nl", title=title, policy=_POLICY, languages=called
    )


def _recipients(one: pb.Deliberation, said: Words) -> list[str]:
    parties = (*one.recipients, *(acc.recipient for acc in one.accessions))
    return [party_name(party, said) for party in parties]


_GROUPS: Mapping[str, tuple[Callable[[pb.Deliberation, Words], Iterable[str]], str]] = {
    "contexts": (lambda one, _: one.legal_contexts, "legal_contexts"),
    "recipients": (_recipients, "recipients"),
    "contracts": (
        lambda one, _: [
            f"{block.data_contract} {block.contract_version}" for block in one.data_blocks
        ],
        "contract",
    ),
}


def _all(latest: Sequence[pb.Deliberation], said: Words) -> Grid:
    heads = tuple(said[head] for head in ("number", "title", "state", "validity"))
    rows = tuple(
        (
            Link(one.number, address(one)),
            said.text(one.title),
            state(one.state, said),
            span(one.validity, said),
        )
        for one in latest
    )
    searched = tuple(
        " ".join(
            [*one.legal_contexts, *_recipients(one, said)]
            + [party_name(sender, said) for sender in one.senders]
        )
        for one in latest
    )
    return Grid(said["all"], heads, rows, searched)


def _grouped(name: str, latest: Sequence[pb.Deliberation], said: Words) -> Grid:
    group, heading_of = _GROUPS[name]
    found: dict[str, list[pb.Deliberation]] = defaultdict(list)
    for one in latest:
        for key in dict.fromkeys(group(one, said)):
            found[key].append(one)
    heads = tuple(said[head] for head in (heading_of, "number", "title", "state"))
    rows = tuple(
        (
            _key(name, key, said),
            Link(one.number, address(one)),
            said.text(one.title),
            state(one.state, said),
        )
        for key, several in sorted(found.items())
        for one in several
    )
    return Grid(said["all"], heads, rows)


def _key(name: str, key: str, said: Words) -> Cell:
    if name == "contracts":
        code, _, version = key.rpartition(" ")
        return said.contract(code, int(version))
    return Code(breakable(key)) if name == "contexts" else key
