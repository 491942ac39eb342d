"""The content of an official answer, in the message of its contract.

The bank's own form says an outcome for the whole and for each source; a form of the Flemish
platform holds data and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cbss.common.v1 import data_filters_pb2, information_pb2, ssin_pb2, status_pb2
from google.protobuf.message import Message

from services.official.errors import ElementMissing, ElementRepeated
from services.official.forms import Form
from services.official.markup import Element, contents, tag
from services.official.outcomes import FOUND, Facts, make_outcome, tell
from services.official.reading import Reader

_OUTCOME = "status"
_RESULTS = "results"
_SUPPLIER = "informationSupplier"
_FILTERS = "dataFilters"
_PERSON = "ssin"
_COMMON = frozenset({_OUTCOME, _SUPPLIER, _FILTERS, _PERSON})
_ASKED = frozenset({"informationCustomer", "informationCBSS", "legalContext", "criteria"})
"""What the answer repeats of the question."""


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What one source answers."""

    source: str
    """The source as its criteria name it; empty where the contract has one source."""
    status: status_pb2.Status
    result: Message | None = None
    """The result message of the contract; absent when there are no data."""
    left: tuple[str, ...] = ()
    """What the source has and the contract cannot carry: paths in the result."""
    elements: tuple[str, ...] = ()
    """The same, as elements with their lines, for whoever mends the tables."""
    information: information_pb2.InformationSupplier | None = None
    """The source's own ticket and times; absent if it told none."""


@dataclass(frozen=True, slots=True)
class Official:
    """One official answer, whole."""

    ssin: str
    """The number that the content says it is about; empty if it does not say."""
    results: tuple[SourceAnswer, ...]
    status: status_pb2.Status | None = None
    """The outcome over all sources. Absent where the form has none."""
    filtered: tuple[str, ...] = ()
    """What was left out before the answer came here."""
    information: Facts = ()
    """Who sent the answer to whom, when and under which references: paths and texts."""
    exceptions: tuple[Facts, ...] = ()
    """What went wrong or was warned of, as it is written: names and texts."""


def read_content(element: Element, form: Form) -> Official:
    """The answer in the root element of a form."""
    if _has(element, _OUTCOME):
        return _bank(element, form)
    reader = Reader()
    result = form.make_result()
    reader.fill(result, element, form.table, tag(element))
    answer = SourceAnswer("", make_outcome(FOUND), result, *_left(reader))
    return Official("", (answer,))


def _bank(element: Element, form: Form) -> Official:
    told = _Told(element, form)
    if told.status is None:
        raise ElementMissing(f"{tag(element)}/{_OUTCOME}", element.sourceline)
    by_source = [
        _source(child, form, told)
        for results in element
        if tag(results) == _RESULTS
        for child in results
        if tag(child) in form.sources
    ]
    if not by_source and not form.sources:
        by_source = [_single(element, form, told)]
    if not by_source:
        # One outcome stands in place of all results.
        by_source = [
            SourceAnswer(name, told.status, information=told.supplier)
            for name in form.sources.values()
        ]
    return Official(
        told.person.ssin,
        tuple(by_source),
        status=told.status,
        filtered=tuple(told.filters.filtered_elements),
        information=told.asked,
    )


class _Told:
    """What an answer of the bank, or of one source in it, says beside its data."""

    def __init__(self, element: Element, form: Form) -> None:
        self.status: status_pb2.Status | None = None
        self.person = ssin_pb2.SsinResult()
        self.filters = data_filters_pb2.DataFilters()
        self.supplier: information_pb2.InformationSupplier | None = None
        self.reader = Reader()
        self.asked: Facts = ()
        fill = self.reader.fill
        for child in element:
            name, at = tag(child), f"{tag(element)}/{tag(child)}"
            if name == _OUTCOME:
                if self.status is not None:
                    raise ElementRepeated(at, child.sourceline)
                self.status = status_pb2.Status()
                fill(self.status, child, form.status, at)
            elif name == _PERSON:
                fill(self.person, child, form.person, at)
            elif name == _FILTERS:
                fill(self.filters, child, form.filters, at)
            elif name == _SUPPLIER:
                self.supplier = information_pb2.InformationSupplier()
                fill(self.supplier, child, form.supplier, at)
            elif name in _ASKED:
                self.asked += tuple(list_facts(child, name))
        if self.status is not None:
            self._say_number()

    def _say_number(self) -> None:
        assert self.status is not None
        if self.person.canceled:
            tell(self.status, "canceled", "true")
        tell(self.status, "replacedBy", self.person.replaced_by)
        tell(self.status, "replaces", self.person.replaces)


def list_facts(element: Element, path: str) -> Iterator[tuple[str, str]]:
    """Every text and attribute of an element and below it, with its path."""
    for name, value in contents(element):
        if isinstance(value, str):
            yield (path if name == "#" else f"{path}/{name}"), value
        else:
            yield from list_facts(value, f"{path}/{name}")


def _source(element: Element, form: Form, whole: _Told) -> SourceAnswer:
    """The answer of one of several sources."""
    told = _Told(element, form)
    name = tag(element)
    if told.status is None:
        raise ElementMissing(f"{_RESULTS}/{name}/{_OUTCOME}", element.sourceline)
    result, reader = _data(element, form, name)
    return SourceAnswer(
        form.sources[name],
        told.status,
        result,
        *_left(reader),
        information=told.supplier or whole.supplier,
    )


def _single(element: Element, form: Form, told: _Told) -> SourceAnswer:
    """The answer of the one source of a contract, which says its outcome with the whole."""
    assert told.status is not None
    inner = next((child for child in element if tag(child) == _RESULTS), element)
    result, reader = _data(inner, form, tag(inner))
    return SourceAnswer("", told.status, result, *_left(reader), information=told.supplier)


def _data(element: Element, form: Form, at: str) -> tuple[Message | None, Reader]:
    """The data of an answer: in an element of their own, or directly among what else is said."""
    reader = Reader()
    result = form.make_result()
    there = False
    for child in element:
        name = tag(child)
        if name in _COMMON or name in _ASKED:
            continue
        if form.within and name == form.within:
            if there:
                raise ElementRepeated(f"{at}/{name}", child.sourceline)
            there = True
            reader.fill(result, child, form.table, f"{at}/{name}")
        elif form.within:
            reader.leave(name, f"{at}/{name}", "", child)
        else:
            there = True
            reader.take(result, form.table, name, child, f"{at}/{name}", "", child)
    return (result if there else None), reader


def _left(reader: Reader) -> tuple[tuple[str, ...], tuple[str, ...]]:
    places = tuple(f"{at}, line {line}" for at, line in reader.lines)
    return tuple(reader.left), places


def _has(element: Element, name: str) -> bool:
    return any(tag(child) == name for child in element)
