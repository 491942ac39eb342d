"""Why a file of the simulated sources is not usable; the program does not start with it.

Messages name elements, fields and places, never a value: a value can be a person's.
"""


class Unusable(ValueError):
    """The file is not usable."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{self.__doc__} At: {where}")


class PersonaUnusable(Unusable):
    """The persona is not written as it should be."""


class PlaceUnknown(Unusable):
    """No data contract has this place as a source."""
