"""The languages in which people are told something."""

from enum import StrEnum


class Language(StrEnum):
    """The official languages."""

    NL = "nl"
    FR = "fr"
    DE = "de"
