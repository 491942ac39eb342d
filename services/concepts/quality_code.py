"""The quality codes that are valid in any sector."""

import re
from typing import Annotated, NewType

from services.concepts.written import parsed_with

_CODE = re.compile(r"[0-9]{3}")

QualityCode = NewType("QualityCode", int)
"""In which quality (Dutch: hoedanigheid) somebody is known: 0 to 999, per sector."""

DEFINITIVE = QualityCode(0)
"""Registered for good, in no particular quality; valid in any sector."""
PROVISIONAL = QualityCode(902)
"""Registered before a file is opened; valid in any sector."""
REPLACED = QualityCode(999)
"""The number was replaced by another; valid in any sector."""
SPECIAL = frozenset({DEFINITIVE, PROVISIONAL, REPLACED})


def parse_quality_code(text: str) -> QualityCode:
    """The quality code that a text holds; fails with ValueError."""
    if _CODE.fullmatch(text) is None:
        raise ValueError("must be 3 digits")
    return QualityCode(int(text))


Quality = Annotated[QualityCode, parsed_with(parse_quality_code)]
"""A quality code in a written form: quoted digits."""
