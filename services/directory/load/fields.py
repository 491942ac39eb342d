"""The fields of written forms of the directory's own: quality codes are quoted digits."""

import re
from typing import Annotated

from services.concepts.written import parsed
from services.directory.model import QualityCode

_CODE = re.compile(r"[0-9]{3}")


def parse_quality_code(text: str) -> QualityCode:
    """The quality code that a text holds; fails with ValueError."""
    if _CODE.fullmatch(text) is None:
        raise ValueError("must be 3 digits")
    return QualityCode(int(text))


Quality = Annotated[QualityCode, parsed(parse_quality_code)]
