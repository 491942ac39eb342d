"""What is around every official answer: who sent it to whom and when, and what went wrong.

The content goes to a reader of its own, for each contract one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree.ElementTree import Element

from cbss.common.v1 import status_pb2
from defusedxml import ElementTree
from google.protobuf.message import Message

from sandbox.institutions.errors import (
    ElementMissing,
    ElementRepeated,
    ElementUnknown,
    ExceptionUnknown,
)
from sandbox.institutions.official.elements import tag
from services.concepts.status import status_codes

_CONTEXT = {
    "Context/Naam",
    "Context/Versie",
    "Context/Bericht/Type",
    "Context/Bericht/Tijdstip/Datum",
    "Context/Bericht/Tijdstip/Tijd",
    "Context/Bericht/Afzender/Identificatie",
    "Context/Bericht/Afzender/Naam",
    "Context/Bericht/Afzender/Referte",
    "Context/Bericht/Ontvanger/Identificatie",
    "Context/Bericht/Ontvanger/Referte",
    "Context/Bericht/Ontvanger/Hoedanigheid",
    "Referte",
}
_EXCEPTION = {
    "Identificatie",
    "Oorsprong",
    "Type",
    "Tijdstip/Datum",
    "Tijdstip/Tijd",
    "Diagnose",
    "Omstandigheid",
}
_ANNOTATIONS = "Annotaties"

OUTCOMES = {"30001": "MSG00100", "30003": "MSG00005"}
"""Exceptions of the platform that are an outcome of the bank: nothing found, no such number."""
FAILURES = {
    "99994": "Unexpected fault at the source",
    "99995": "The source is overloaded",
    "99996": "Too many questions at the same time",
}
"""Exceptions that are a failure of the source, with its own code; the text if it gives none."""
UNREADABLE = "SOURCE00001"
"""The sources' own code where their files cannot be read."""

LONGEST_TEXT = 256

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What one source answers."""

    source: str
    """The source as its criteria name it; empty where the contract has one source."""
    status: status_pb2.Status
    result: Message | None = None
    """The result message of the contract; absent when there are no data."""


@dataclass(frozen=True, slots=True)
class Official:
    """One official answer, whole."""

    ssin: str
    """The number that the content says it is about; empty if it does not say."""
    results: tuple[SourceResult, ...]
    status: status_pb2.Status | None = None
    """The outcome over all sources. Absent where the form has none."""
    filtered: tuple[str, ...] = ()
    """What was left out before the answer came here."""
    information: Facts = ()
    """Who sent the answer to whom, when and under which references: paths and texts."""
    exceptions: tuple[Facts, ...] = ()
    """What went wrong or was warned of, as it is written: names and texts."""


def read(path: Path, content: Callable[[Element], Official]) -> Official:
    """The answer in a file; `content` reads what is inside."""
    root = ElementTree.parse(path).getroot()
    assert root is not None
    reply = _only(root, "Repliek")
    information: list[tuple[str, str]] = []
    exceptions: list[Facts] = []
    inside: Element | None = None
    for element in _opened(reply):
        match tag(element):
            case "Context":
                information.extend(_facts(element, _CONTEXT, tag(element)))
            case "Uitzonderingen":
                exceptions.extend(_exception(one) for one in element)
            case "Inhoud":
                inside = _only(element)
            case "Referte":
                information.extend(_facts(element, _CONTEXT, tag(element)))
            case other:
                raise ElementUnknown(f"Repliek/{other}")
    if inside is None:
        return _failed(tuple(information), tuple(exceptions))
    return replace(content(inside), information=tuple(information), exceptions=tuple(exceptions))


def _opened(reply: Element) -> Iterator[Element]:
    """The parts of a reply and of its one answer; exceptions can stand in either."""
    for element in reply:
        if tag(element) == "Antwoorden":
            yield from _only(element, "Antwoord")
        else:
            yield element


def _only(element: Element, name: str = "") -> Element:
    if len(element) != 1:
        raise (ElementRepeated if len(element) else ElementMissing)(f"{tag(element)}/{name or '*'}")
    child = element[0]
    if name and tag(child) != name:
        raise ElementUnknown(f"{tag(element)}/{tag(child)}")
    return child


def _facts(element: Element, known: set[str], path: str) -> Iterator[tuple[str, str]]:
    """Every text below the element, with its path."""
    for name in element.attrib:
        raise ElementUnknown(f"{path}/@{name}")
    for child in element:
        yield from _facts(child, known, f"{path}/{tag(child)}" if path else tag(child))
    if len(element) == 0:
        if path not in known:
            raise ElementUnknown(path)
        yield path, (element.text or "").strip()


def _exception(element: Element) -> Facts:
    if tag(element) != "Uitzondering":
        raise ElementUnknown(f"Uitzonderingen/{tag(element)}")
    facts: list[tuple[str, str]] = []
    for child in element:
        if tag(child) == _ANNOTATIONS:
            facts.extend(_annotation(one) for one in child)
        else:
            facts.extend(_facts(child, _EXCEPTION, tag(child)))
    return tuple(facts)


def _annotation(element: Element) -> tuple[str, str]:
    facts = dict(_facts(element, {"Naam", "Waarde"}, ""))
    return facts["Naam"], facts["Waarde"]


def _failed(information: Facts, exceptions: tuple[Facts, ...]) -> Official:
    """An answer without content: the exception says what the outcome is."""
    if len(exceptions) != 1:
        raise ElementMissing("Repliek/Uitzonderingen/Uitzondering")
    facts = dict(exceptions[0])
    code = facts.get("Identificatie", "")
    if code in FAILURES:
        status = failure(code, facts.get("Diagnose") or FAILURES[code])
    elif code in OUTCOMES:
        status = outcome(OUTCOMES[code])
    else:
        raise ExceptionUnknown("Uitzondering/Identificatie")
    for name in ("Identificatie", "Oorsprong", "Diagnose", "Omstandigheid"):
        if facts.get(name):
            status.information.add(field_name=name, field_value=facts[name])
    return Official("", (SourceResult("", status),), information=information, exceptions=exceptions)


def outcome(code: str) -> status_pb2.Status:
    """The status that a code of the list stands for."""
    listed = status_codes()[code]
    name = f"STATUS_VALUE_{listed.value.name}"
    return status_pb2.Status(value=name, code=listed.code, description=listed.description)


def failure(code: str, text: str) -> status_pb2.Status:
    """The status of a source that failed, in its own words."""
    return status_pb2.Status(
        value="STATUS_VALUE_TECHNICAL_ERROR", code=code, description=text[:LONGEST_TEXT]
    )
