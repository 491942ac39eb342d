"""What a form says of each element, as typed tables: read from data, held against the messages.

A table belongs to a message. It maps a path below its element to a field: names of elements joined
by `/`, `@name` for an attribute, `#` for the element's own text. The type of the field is the type
of the leaf. `*` names the field whose message takes all that the table itself does not know.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.official import lexical
from services.official.errors import FormUnusable
from services.official.lexical import Convert

DAY = "google.type.Date"
INSTANT = "google.protobuf.Timestamp"
CENTS = "_eurocents"

_WHOLE = frozenset(
    {
        FieldDescriptor.CPPTYPE_INT32,
        FieldDescriptor.CPPTYPE_INT64,
        FieldDescriptor.CPPTYPE_UINT32,
        FieldDescriptor.CPPTYPE_UINT64,
    }
)


@dataclass(slots=True)
class Node:
    """What stands at a place of a form, and what can stand inside it."""

    field: FieldDescriptor | None = None
    """Where its text goes; nothing if it only wraps what is inside."""
    convert: Convert | None = None
    """What its text means; nothing if it is a message, with a table of its own."""
    table: "Table | None" = None
    inside: "dict[str, Node]" = dataclasses.field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """What can stand in an element that becomes a message."""

    message: Descriptor
    nodes: dict[str, Node] = dataclasses.field(default_factory=dict)
    rest: FieldDescriptor | None = None
    rest_table: "Table | None" = None
    copies: "tuple[Copy, ...]" = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """A field that repeats another, for readers who need less."""

    field: FieldDescriptor
    way: tuple[FieldDescriptor, ...]
    """The path to what it repeats."""
    convert: Convert | None
    """What a code means, where the field is an enum."""


@dataclass(frozen=True, slots=True)
class Written:
    """A table as it is written."""

    paths: Mapping[str, str]
    copies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all leaves of a form."""

    words: Mapping[str, Mapping[str, str]]
    """How values of enums are written: by the name of the enum, the word and the value."""
    in_cents: bool
    """Amounts are written in eurocents, not in euros."""


class Tables:
    """The tables of a form, each made once: messages can hold each other."""

    def __init__(self, written: Mapping[str, Written], rules: Rules) -> None:
        self._written = written
        self._rules = rules
        self._made: dict[str, Table] = {}

    def of(self, message: Any) -> Table:
        """The table of a message; FormUnusable if it has none, or one that does not fit."""
        if message.full_name in self._made:
            return self._made[message.full_name]
        if message.full_name not in self._written:
            raise FormUnusable(message.full_name)
        made = self._made[message.full_name] = Table(message)
        written = self._written[message.full_name]
        for path, name in written.paths.items():
            self._put(made, path, name)
        made.copies = tuple(
            self._copy(_field(message, target), _way(message, source))
            for target, source in written.copies.items()
        )
        return made

    def _copy(self, target: FieldDescriptor, way: tuple[FieldDescriptor, ...]) -> Copy:
        coded = target.enum_type is not None
        return Copy(target, way, enum_converter(target, self._rules.words) if coded else None)

    def _put(self, table: Table, path: str, name: str) -> None:
        target = _field(table.message, name)
        if path == "*":
            table.rest, table.rest_table = target, self.of(target.message_type)
            return
        *steps, last = path.split("/")
        nodes = table.nodes
        for step in steps:
            nodes = nodes.setdefault(step, Node()).inside
        node = nodes.setdefault(last, Node())
        if node.field is not None:
            raise FormUnusable(f"{table.message.full_name}/{path}")
        node.field = target
        if target.message_type is None or target.message_type.full_name in (DAY, INSTANT):
            node.convert = _converter(target, self._rules)
        else:
            node.table = self.of(target.message_type)


def _field(message: Any, name: str) -> FieldDescriptor:
    found: FieldDescriptor | None = message.fields_by_name.get(name)
    if found is None:
        raise FormUnusable(f"{message.full_name}.{name}")
    return found


def _way(message: Any, path: str) -> tuple[FieldDescriptor, ...]:
    way = []
    for name in path.split("."):
        way.append(_field(message, name))
        message = way[-1].message_type
    return tuple(way)


def _converter(target: FieldDescriptor, rules: Rules) -> Convert:
    if target.message_type is not None:
        is_day = target.message_type.full_name == DAY
        return lexical.decode_day if is_day else lexical.decode_instant
    if target.enum_type is not None:
        return enum_converter(target, rules.words)
    if target.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return lexical.decode_flag
    if target.name.endswith(CENTS) and not rules.in_cents:
        return lexical.decode_cents
    return lexical.decode_whole if target.cpp_type in _WHOLE else str


def enum_converter(target: Any, words: Mapping[str, Mapping[str, str]]) -> Convert:
    """What a word of an enum means: as the form lists it, or the value's own name."""
    values = {value.name: value.number for value in target.enum_type.values}
    prefix = next(iter(values)).removesuffix("UNSPECIFIED")
    known = {name.removeprefix(prefix): number for name, number in values.items()}
    for word, name in words.get(target.enum_type.full_name, {}).items():
        if name not in values:
            raise FormUnusable(f"{target.enum_type.full_name}.{name}")
        known[word] = values[name]
    return partial(_meant, known)


def _meant(known: Mapping[str, int], word: str) -> Any:
    return known[word]
