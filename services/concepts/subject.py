"""What a question can be about: a person, an enterprise, or an establishment of one."""

from enum import Enum

from services.concepts.enterprise_number import (
    EnterpriseNumber,
    EstablishmentNumber,
    parse_enterprise_number,
    parse_establishment_number,
)
from services.concepts.ssin import Ssin

CbeNumber = EnterpriseNumber | EstablishmentNumber
"""A number of the Crossroads Bank for Enterprises; its first digit tells which of the two it is."""
Subject = Ssin | CbeNumber
"""Whom or what a question is about, by its number."""


class SubjectKind(Enum):
    """What a data contract is about; numbered as in the contract."""

    PERSON = 1
    ENTERPRISE = 2
    ESTABLISHMENT = 3


_KINDS = {
    Ssin: SubjectKind.PERSON,
    EnterpriseNumber: SubjectKind.ENTERPRISE,
    EstablishmentNumber: SubjectKind.ESTABLISHMENT,
}


def kind_of(subject: Subject) -> SubjectKind:
    """What a number names."""
    return _KINDS[type(subject)]


def parse_cbe_number(text: str, *, field: str = "cbe_number") -> CbeNumber:
    """The enterprise or the establishment that a text names; fails naming the field."""
    digits = text.strip().upper().removeprefix("BE").lstrip(" .")
    if digits[:1] in set("2345678"):
        return parse_establishment_number(text, field=field)
    return parse_enterprise_number(text, field=field)
