"""Deliberations as they are written, with the line of each field."""

from services.access.errors import DeliberationUnreadable
from services.access.model import Draft
from services.access.store import document
from services.concepts.failures import FieldViolation
from services.concepts.lines import Unusable, line_of, plain


def draft(text: str) -> Draft:
    """The deliberation in a text; fails naming every field that is wrong, with its line."""
    try:
        found, lines = plain(text)
    except Unusable as unusable:
        violation = FieldViolation(unusable.field, at_line(unusable.line, unusable.description))
        raise DeliberationUnreadable(violations=[violation]) from None
    try:
        return Draft(document.read(found), lines)
    except DeliberationUnreadable as unreadable:
        raise DeliberationUnreadable(
            violations=[
                FieldViolation(wrong.field, at_line(line_of(lines, wrong.field), wrong.description))
                for wrong in unreadable.violations
            ]
        ) from None


def at_line(line: int, description: str) -> str:
    """What is wrong, after the line on which it stands."""
    return f"line {line}: {description}"
