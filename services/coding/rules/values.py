"""Whether the values of a variable are written as its kind says.

What is wrong is named by its place, never by its value.
"""

import re
from datetime import date

from services.coding.model import VariableKind

LONGEST_TEXT = 64
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,6})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EXPECTED = {
    VariableKind.TEXT: f"must be at most {LONGEST_TEXT} printable characters",
    VariableKind.INTEGER: "must be a whole number of at most 18 digits",
    VariableKind.DECIMAL: "must be a number of at most 18 digits, and 6 after the point",
    VariableKind.DAY: "must be a calendar day, YYYY-MM-DD",
}
"""What is expected of each kind, to be told."""


def is_written_well(value: str, kind: VariableKind) -> bool:
    """Whether a value is one of its kind; an empty one is missing, and always is."""
    if not value:
        return True
    match kind:
        case VariableKind.TEXT:
            return len(value) <= LONGEST_TEXT and value.isprintable() and value == value.strip()
        case VariableKind.INTEGER:
            return _INTEGER.fullmatch(value) is not None and value != "-0"
        case VariableKind.DECIMAL:
            return _DECIMAL.fullmatch(value) is not None
        case VariableKind.DAY:
            return _is_day(value)


def _is_day(value: str) -> bool:
    try:
        return _DAY.fullmatch(value) is not None and bool(date.fromisoformat(value))
    except ValueError:
        return False
