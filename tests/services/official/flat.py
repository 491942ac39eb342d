"""Two independent flattenings, of official XML and of messages, for comparing them leaf by leaf.

Every leaf gets a path with the place among its like: `years[1].months[0].year_month`. Nothing here
is shared with the readers, so that a mistake of theirs does not hide itself.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC
from typing import Any
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from google.protobuf import timestamp_pb2
from google.type import date_pb2

Leaves = dict[str, str]


def of_element(element: Element, path: str = "") -> Iterator[tuple[str, str]]:
    """Every attribute and every text below an element, with its path."""
    for name, value in element.attrib.items():
        yield f"{path}@{name}", value
    text = (element.text or "").strip()
    if text:
        yield path, text
    places: Counter[str] = Counter()
    for child in element:
        assert not (child.tail or "").strip()
        name = child.tag.rpartition("}")[2]
        yield from of_element(child, f"{path}/{name}[{places[name]}]")
        places[name] += 1


def of_message(message: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value that is set in a message, with its path."""
    for field, value in message.ListFields():
        for n, one in enumerate(value if field.is_repeated else [value]):
            where = f"{path}/{field.name}[{n}]"
            if isinstance(one, date_pb2.Date):
                yield where, f"{one.year:04d}-{one.month:02d}-{one.day:02d}"
            elif isinstance(one, timestamp_pb2.Timestamp):
                # Official answers tell the time of Belgium, to a thousandth of a second.
                at = one.ToDatetime(UTC).astimezone(ZoneInfo("Europe/Brussels"))
                yield where, at.replace(tzinfo=None).isoformat(timespec="milliseconds")
            elif field.message_type is not None:
                yield from of_message(one, where)
            elif field.enum_type is not None:
                yield where, field.enum_type.values_by_number[one].name
            else:
                yield where, str(one)
