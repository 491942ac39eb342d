"""What kind of data a data contract is about, in the words that people read."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from services.concepts.text import Text


def contract_words(code: str) -> Text:
    """The words for a contract; the code itself where there are none."""
    return _words().get(code, Text(code, code, code))


@cache
def _words() -> Mapping[str, Text]:
    text = files("services.concepts").joinpath("data/contract_words.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, Text]).validate_python(yaml.safe_load(text))
