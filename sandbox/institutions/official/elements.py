"""Official XML into messages, by tables: what a table has no place for makes the reading fail.

A table maps what can stand in an element to where it goes: the name of a child element, `@name` for
an attribute, `#` for the element's own text. Namespaces of elements are not looked at.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from google.type import date_pb2

from sandbox.institutions.errors import ElementRepeated, ElementUnknown, TextUnreadable

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_AMOUNT = re.compile(r"(-?)(\d+)(?:\.(\d{1,2}))?")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text that goes to a field."""

    field: str
    convert: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Part:
    """An element that goes to a message of its own, in a field of the message around it."""

    field: str
    table: "Table"


@dataclass(frozen=True, slots=True)
class Same:
    """An element that the message does not have: its contents go to the message around it."""

    table: "Table"


Table = Mapping[str, Leaf | Part | Same]


def fill(message: Any, element: Element, table: Table, path: str = "") -> None:
    """Put all that the element holds into the message."""
    path = f"{path}/{tag(element)}"
    for name, value in _contents(element):
        where = f"{path}/{name}"
        match table.get(name):
            case None:
                raise ElementUnknown(where)
            case Leaf(field, convert):
                _store(message, field, _converted(_text(value, where), convert, where), where)
            case Part(field, inner):
                assert isinstance(value, Element)
                fill(_opened(message, field, where), value, inner, path)
            case Same(inner):
                assert isinstance(value, Element)
                fill(message, value, inner, path)


def tag(element: Element) -> str:
    """The name of an element, without its namespace."""
    return element.tag.rpartition("}")[2]


def _contents(element: Element) -> Iterator[tuple[str, str | Element]]:
    for name, value in element.attrib.items():
        yield f"@{name}", value
    own = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
    if own:
        yield "#", own
    for child in element:
        yield tag(child), child


def _text(value: str | Element, where: str) -> str:
    if isinstance(value, str):
        return value
    for name, _ in _contents(value):
        if name != "#":
            raise ElementUnknown(f"{where}/{name}")
    return (value.text or "").strip()


def _converted(text: str, convert: Callable[[str], Any], where: str) -> Any:
    try:
        return convert(text)
    except (ValueError, KeyError) as fault:
        # Not the text itself: it can be a person's.
        raise TextUnreadable(where) from fault


def _store(message: Any, field: str, value: Any, where: str) -> None:
    described = message.DESCRIPTOR.fields_by_name[field]
    if described.is_repeated:
        getattr(message, field).append(value)
        return
    _refuse_second(message, field, where)
    if described.message_type is None:
        setattr(message, field, value)
    else:
        getattr(message, field).CopyFrom(value)


def _opened(message: Any, field: str, where: str) -> Any:
    if message.DESCRIPTOR.fields_by_name[field].is_repeated:
        return getattr(message, field).add()
    _refuse_second(message, field, where)
    opened = getattr(message, field)
    opened.SetInParent()
    return opened


def _refuse_second(message: Any, field: str, where: str) -> None:
    if any(described.name == field for described, _ in message.ListFields()):
        raise ElementRepeated(where)


def text(field: str) -> Leaf:
    """A text, kept as it is."""
    return Leaf(field, str)


def flag(field: str) -> Leaf:
    """Yes or no, written as a word or as a digit."""
    return Leaf(field, _FLAGS.__getitem__)


def number(field: str) -> Leaf:
    """A whole number."""
    return Leaf(field, _whole)


def cents(field: str) -> Leaf:
    """An amount in euros, kept in eurocents."""
    return Leaf(field, _cents)


def day(field: str) -> Leaf:
    """A day as the source writes it, even if no calendar has it."""
    return Leaf(field, _day)


def choice(field: str, values: Mapping[str, int]) -> Leaf:
    """A code, kept as the value of an enum."""
    return Leaf(field, values.__getitem__)


def _whole(written: str) -> int:
    value = int(written)
    if str(value) != written:
        raise ValueError("holds more than a number")
    return value


def _cents(written: str) -> int:
    found = _AMOUNT.fullmatch(written)
    if found is None:
        raise ValueError("is no amount")
    sign, euros, cents_ = found.groups()
    value = int(euros) * 100 + int((cents_ or "0").ljust(2, "0"))
    return -value if sign else value


def _day(written: str) -> date_pb2.Date:
    found = _DAY.fullmatch(written)
    if found is None:
        raise ValueError("is no day")
    year, month, of_month = map(int, found.groups())
    return date_pb2.Date(year=year, month=month, day=of_month)
