"""Text into elements, by a library that is kept: nothing is fetched, nothing is expanded.

Namespaces of elements are not looked at: the same form travels under those of several versions.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from lxml import etree

from services.official.errors import MarkupUnreadable


class Element(Protocol):
    """An element, as far as is looked at."""

    tag: str
    text: str | None
    tail: str | None
    attrib: Mapping[str, str]
    sourceline: int | None

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator["Element"]: ...

    def __getitem__(self, place: int) -> "Element": ...

    def get(self, name: str) -> str | None: ...


_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_NIL = f"{_INSTANCE}nil"


def decode_markup(written: bytes) -> Element:
    """The root element of a document."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(written, parser)
    except etree.XMLSyntaxError as fault:
        # The library's own text repeats names of elements, not their content; we keep the line.
        raise MarkupUnreadable("", fault.lineno) from None
    except ValueError:
        raise MarkupUnreadable("") from None
    if root.getroottree().docinfo.doctype:
        raise MarkupUnreadable("DOCTYPE", 1)
    checked: Element = root
    return checked


def tag(element: Element) -> str:
    """The name of an element, without its namespace."""
    return element.tag.rpartition("}")[2]


def own_text(element: Element) -> str:
    """The text of an element itself, without that of its children."""
    return "".join([element.text or "", *(child.tail or "" for child in element)]).strip()


def is_nil(element: Element) -> bool:
    """Whether the element says that it has no value."""
    return element.get(_NIL) in ("true", "1")


def contents(element: Element) -> Iterator[tuple[str, str | Element]]:
    """What an element holds: attributes as `@name`, its own text as `#`, and its children.

    Attributes of schema instances (`xsi:type`, `xsi:schemaLocation`) tell how it was written.
    """
    for name, value in element.attrib.items():
        if not name.startswith(_INSTANCE):
            yield f"@{name.rpartition('}')[2]}", value.strip()
    if text := own_text(element):
        yield "#", text
    for child in element:
        yield tag(child), child
