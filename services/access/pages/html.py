"""HTML as values: what is text is escaped, what is an element is not, and nothing is both."""

from collections.abc import Iterable
from html import escape


class Element(str):
    """Finished HTML."""

    __slots__ = ()


Child = Element | str | None | Iterable["Child"]
_VOID = frozenset({"meta", "link", "input", "wbr"})


def element(name: str, /, *children: Child, **attributes: str | None) -> Element:
    """An element; an attribute without a value is left out, `_` in its name stands for `-`."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' if value else f" {key}"
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Element(f"<{name}{told}>")
    return Element(f"<{name}{told}>{joined(children)}</{name}>")


def joined(children: Iterable[Child]) -> Element:
    """Children one after the other."""
    return Element("".join(map(_written, children)))


def _written(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Element):
        return child
    if isinstance(child, str):
        return escape(child)
    return joined(child)
