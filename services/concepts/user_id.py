"""Who asks on the side of the customer, as the customer tells it: an official or a program.

An official is told by his identification number, 11 digits; a program by a name that begins with a
letter. The two cannot be confused: what has no letter in front must be a number of a person.

Source: the older request style of the Crossroads Bank (`AuthorizedUser/UserID`: the identification
number of the official, or the name of a program). The alphabet of names is the mesh's own choice.
"""

import re
from dataclasses import dataclass

from services.concepts.failures import invalid
from services.concepts.ssin import parse_ssin

LONGEST = 36
_OFFICIAL = re.compile(r"[0-9]{11}")
_PROGRAM = re.compile(rf"[A-Za-z][A-Za-z0-9._-]{{0,{LONGEST - 1}}}")


@dataclass(frozen=True, slots=True)
class UserId:
    """An official or a program. Exists only if well-formed, and never prints itself."""

    text: str

    def __repr__(self) -> str:
        return "UserId(hidden)"

    __str__ = __repr__


def parse_user_id(text: str, *, field: str = "information_customer.user_id") -> UserId | None:
    """Who a text names, nothing if it is empty; fails naming the field."""
    if not text or _PROGRAM.fullmatch(text):
        return UserId(text) if text else None
    if _OFFICIAL.fullmatch(text):
        return UserId(parse_ssin(text, field=field).digits)
    description = (
        f"must be an identification number of 11 digits, or a name of at most {LONGEST} "
        "letters, digits, `.`, `_` or `-` that begins with a letter"
    )
    raise invalid(field, description)
