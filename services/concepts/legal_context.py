"""The purpose of an exchange (Dutch: wettelijke context), as a deliberation names it.

Source: official common schema, type LegalContext: at most 64 characters, a letter or digit first.
"""

import re
from typing import NewType

from services.concepts.failures import invalid

LegalContext = NewType("LegalContext", str)

_SHAPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:+\- ]{0,63}")


def parse_legal_context(text: str, *, field: str = "legal_context") -> LegalContext:
    """The legal context that a text names; fails naming the field."""
    if _SHAPE.fullmatch(text) is None:
        description = (
            "must be 1 to 64 letters, digits, `_ : + -` or spaces, a letter or digit first"
        )
        raise invalid(field, description)
    return LegalContext(text)
