"""How one version of a deliberation differs from another, field by field, as they are written."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Any

from services.access.model import Deliberation, Difference

# What moves on while the text stays, and what follows from the text.
_NOT_TEXT = {"standing", "accessions", "digest", "enacted", "moved_by", "moves"}


def between(before: Deliberation | None, after: Deliberation) -> list[Difference]:
    """The fields that differ; all of them if there is nothing to compare with."""
    old = {} if before is None else dict(_leaves(before))
    new = dict(_leaves(after))
    paths = [*new, *(path for path in old if path not in new)]
    return [
        Difference(path, old.get(path, ""), new.get(path, ""))
        for path in paths
        if old.get(path, "") != new.get(path, "")
    ]


def _leaves(text: Deliberation) -> Iterator[tuple[str, str]]:
    for one in fields(text):
        if one.name not in _NOT_TEXT:
            yield from _below(one.name, getattr(text, one.name))


def _below(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, tuple) and any(_is_part(one) for one in value):
        for at, one in enumerate(value):
            yield from _below(f"{path}[{at}]", one)
    elif _is_part(value):
        for name in value.__dataclass_fields__:
            yield from _below(f"{path}.{name}", getattr(value, name))
    elif value is not None and value != ():
        yield path, _said(value)


def _is_part(value: Any) -> bool:
    # Values that print themselves, such as a place or a contract's name, are one thing.
    return hasattr(value, "__dataclass_fields__") and "__str__" not in vars(type(value))


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
