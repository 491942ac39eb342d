"""What kind of data a data contract is about, in the words that people read."""

from functools import cache

from pydantic import RootModel

from services.concepts.dated import load
from services.concepts.text import Text


class _File(RootModel[dict[str, Text]]):
    pass


def contract_words(code: str) -> Text:
    """The words for a contract; the code itself where there are none."""
    return _words().root.get(code, Text(code, code, code))


@cache
def _words() -> _File:
    return load("services.concepts", "data/contract_words.yaml", _File)
