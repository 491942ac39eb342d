"""Why a file of the simulated sources is not usable; the program does not start with it.

Messages name elements, fields and places, never a value: a value can be a person's.
"""


class Unusable(ValueError):
    """The file is not usable."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{self.__doc__} At: {where}")


class ElementUnknown(Unusable):
    """The reader has no place for this element or attribute, and nothing may be lost."""


class ElementRepeated(Unusable):
    """The element stands twice where the message has room for one."""


class TextUnreadable(Unusable):
    """The text of the element is not of the form that the reader knows."""


class ElementMissing(Unusable):
    """An element that every answer has is not there."""


class ExceptionUnknown(Unusable):
    """The exception has an identification that no outcome belongs to."""


class PersonaUnusable(Unusable):
    """The persona is not written as it should be."""


class PlaceUnknown(Unusable):
    """No data contract has this place as a source."""
