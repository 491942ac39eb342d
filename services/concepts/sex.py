"""The sex that the registers know: 1 male, 2 female; 0, not known, is no value here."""

from enum import Enum


class Sex(Enum):
    """Numbered as in the registers and in the contract."""

    MALE = 1
    FEMALE = 2
