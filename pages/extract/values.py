"""Values as people read them: days, instants, names, and messages line by line."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cbss.data.v1 import localized_text_pb2
from google.protobuf.descriptor import FieldDescriptor
from google.type import date_pb2

from pages.blocks import Bullets, Cell, Moment, Row
from pages.words import Words

_BELGIUM = ZoneInfo("Europe/Brussels")


def lines(held: Any, words: Words) -> Cell:
    """What a message holds, field by field, with the name of each in words."""
    told = _fields(held, words)
    return Bullets(tuple(Row((f"{label}: ", value)) for label, value in told))


def _fields(held: Any, words: Words) -> Iterator[tuple[str, Cell]]:
    for field, value in held.ListFields():
        label = words.field(field.name)
        every = list(value) if field.is_repeated else [value]
        if isinstance(every[0], localized_text_pb2.LocalizedText):
            yield label, _in(every, words.official)
            continue
        for one in every:
            if isinstance(one, date_pb2.Date):
                yield label, day(one)
            elif field.type == FieldDescriptor.TYPE_MESSAGE:
                yield from _fields(one, words)
            elif field.type == FieldDescriptor.TYPE_ENUM:
                name = field.enum_type.values_by_number.get(one)
                yield label, words.said.get(name.name, str(one)) if name else str(one)
            elif field.type == FieldDescriptor.TYPE_BOOL:
                yield label, words["yes"]
            else:
                yield label, str(one)


def _in(texts: list[localized_text_pb2.LocalizedText], language: str) -> str:
    """The text in a language; where the source does not have it, the first."""
    wanted = localized_text_pb2.Language.Value(f"LANGUAGE_{language.upper()}")
    return next((one.text for one in texts if one.language == wanted), texts[0].text)


def with_number(name: Cell, number: str) -> Cell:
    """Something with its name, if it has one."""
    if not name:
        return number
    return f"{name} ({number})" if isinstance(name, str) else Row((name, f" ({number})"))


def day(told: date_pb2.Date) -> Moment:
    """A day as people write it here, as far as it is known."""
    known = [told.year, *([told.month] if told.month else []), *([told.day] if told.day else [])]
    machine = "-".join([f"{known[0]:04}", *(f"{part:02}" for part in known[1:])])
    return Moment("/".join(reversed(machine.split("-"))), machine)


def instant(at: datetime) -> Moment:
    """An instant as clocks showed it here."""
    written = at.astimezone(_BELGIUM).strftime("%d/%m/%Y %H:%M:%S")
    return Moment(written, at.astimezone(UTC).isoformat())
