"""Elements into messages, by tables."""

import re
from contextlib import suppress
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from services.official.errors import ElementRepeated, TextUnreadable
from services.official.markup import Element, contents, is_nil
from services.official.tables import Copy, Node, Table

_ODD = re.compile(r"[^A-Za-z0-9_.]+")
_LONGEST = 256


class Reader:
    """Reads one answer, and keeps the names of what the tables have no place for."""

    def __init__(self) -> None:
        self.left: list[str] = []
        """Paths in the result message, each ending with the name of an element or attribute."""
        self.lines: list[tuple[str, int | None]] = []
        """The same, as paths of elements with their lines."""

    def fill(self, message: Any, element: Element, table: Table, at: str, to: str = "") -> None:
        """Put all that the element holds into the message; `at` leads to the one, `to` to the
        other."""
        for name, value in contents(element):
            self.take(message, table, name, value, f"{at}/{name}", to, element)
        copy(message, table)

    def take(
        self,
        message: Any,
        table: Table,
        name: str,
        value: str | Element,
        at: str,
        to: str,
        around: Element,
    ) -> None:
        node = table.nodes.get(name)
        if node is not None:
            self._put(message, node, value, at, to, around)
        elif table.rest is not None and table.rest_table is not None:
            inner = getattr(message, table.rest.name)
            below = f"{to}{table.rest.name}."
            self.take(inner, table.rest_table, name, value, at, below, around)
        elif not isinstance(value, str) and is_nil(value):
            return
        else:
            self.leave(name, at, to, around if isinstance(value, str) else value)

    def leave(self, name: str, at: str, to: str, element: Element) -> None:
        path = _ODD.sub("", f"{to}{name}")[-_LONGEST:]
        if path not in self.left:
            self.left.append(path)
            self.lines.append((at, element.sourceline))

    def _put(
        self, message: Any, node: Node, value: str | Element, at: str, to: str, around: Element
    ) -> None:
        if isinstance(value, str):
            self._text(message, node, value, at, to, around)
        elif is_nil(value):
            return
        elif node.table is not None and node.field is not None:
            self._part(message, node, node.field, node.table, value, at, to)
        else:
            self._inside(message, node, value, at, to)

    def _part(
        self,
        message: Any,
        node: Node,
        field: FieldDescriptor,
        table: Table,
        element: Element,
        at: str,
        to: str,
    ) -> None:
        """A message of its own; what the node itself knows inside belongs to the one around."""
        held = list(contents(element))
        own = [(name, value) for name, value in held if name not in node.inside]
        if own or not held or not node.inside:
            inner = _opened(message, field, at, element)
            for name, value in own:
                self.take(inner, table, name, value, f"{at}/{name}", f"{to}{field.name}.", element)
            copy(inner, table)
        for name, value in held:
            if name in node.inside:
                self._put(message, node.inside[name], value, f"{at}/{name}", to, element)

    def _inside(self, message: Any, node: Node, element: Element, at: str, to: str) -> None:
        empty = True
        for name, value in contents(element):
            if name == "#" and node.convert is not None:
                empty = False
                self._text(message, node, str(value), at, to, element)
            elif name in node.inside:
                self._put(message, node.inside[name], value, f"{at}/{name}", to, element)
            else:
                self.leave(name, f"{at}/{name}", to, element)
        if empty and node.convert is str:
            # An empty text is a text; an empty number or day is none.
            self._text(message, node, "", at, to, element)

    def _text(
        self, message: Any, node: Node, text: str, at: str, to: str, element: Element
    ) -> None:
        if node.field is None or node.convert is None:
            raise TextUnreadable(at, element.sourceline)
        _refuse_second(message, node.field, at, element)
        try:
            _store(message, node.field, node.convert(text))
        except KeyError:
            # A word that the contract's list does not have.
            self.leave(node.field.name, at, to, element)
        except (ValueError, OverflowError):
            # Not the text itself: it can be a person's.
            raise TextUnreadable(at, element.sourceline) from None


def copy(message: Any, table: Table) -> None:
    """Fill the fields that repeat others."""
    for one in table.copies:
        values = [message]
        for step in one.way:
            values = [inner for each in values for inner in _values(each, step)]
        if values:
            _repeat(message, one, values)


def _values(message: Any, step: FieldDescriptor) -> list[Any]:
    if step.is_repeated:
        return list(getattr(message, step.name))
    there = message.HasField(step.name) if step.has_presence else getattr(message, step.name)
    return [getattr(message, step.name)] if there else []


def _repeat(message: Any, one: Copy, values: list[Any]) -> None:
    name = one.field.name
    if one.convert is not None:
        with suppress(KeyError):
            setattr(message, name, one.convert(values[0]))
    elif one.field.message_type is not None:
        # The one that still holds, or else the first.
        holds = [each for each in values if not each.HasField("until")]
        getattr(message, name).CopyFrom((holds or values)[0])
    elif one.field.is_repeated:
        getattr(message, name).extend(values)
    else:
        setattr(message, name, " ".join(values))


def _store(message: Any, target: FieldDescriptor, value: Any) -> None:
    if target.is_repeated:
        getattr(message, target.name).append(value)
    elif target.message_type is not None:
        getattr(message, target.name).CopyFrom(value)
    else:
        setattr(message, target.name, value)


def _opened(message: Any, target: FieldDescriptor, at: str, element: Element) -> Any:
    if target.is_repeated:
        return getattr(message, target.name).add()
    _refuse_second(message, target, at, element)
    opened = getattr(message, target.name)
    opened.SetInParent()
    return opened


def _refuse_second(message: Any, target: FieldDescriptor, at: str, element: Element) -> None:
    if target.is_repeated:
        return
    there = (
        message.HasField(target.name)
        if target.has_presence
        else bool(getattr(message, target.name))
    )
    if there:
        raise ElementRepeated(at, element.sourceline)
