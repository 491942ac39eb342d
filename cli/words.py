"""How the command speaks: answers to stdout, whatever is wrong to stderr, whole lines always."""

import json
from collections.abc import Iterable
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from rich.console import Console, RenderableType

# What is shown can be anybody's words: it is never read as markup, and a path is never cut.
console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
errors = Console(highlight=False, soft_wrap=True, markup=False, emoji=False, stderr=True)


def say(text: RenderableType = "", style: str | None = None) -> None:
    """Tell what was asked for."""
    console.print(text, style=style)


def complain(lines: Iterable[str]) -> None:
    """Tell what is wrong."""
    for line in lines:
        errors.print(line, style="red")


def say_json(plain: Any) -> None:
    """Tell it to a program."""
    console.print(json.dumps(plain, ensure_ascii=False, indent=1))


def plain(message: Message) -> dict[str, Any]:
    """A message for programs, with the names of the contract."""
    told: dict[str, Any] = json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return told
