"""Why an official answer cannot be read: a failure of the source that sent it.

Messages name elements and lines, never a value: a value can be a person's.
"""


class Unreadable(ValueError):
    """The answer cannot be read."""

    def __init__(self, where: str, line: int | None = None) -> None:
        at = f"{where}, line {line}" if line else where
        super().__init__(f"{self.__doc__} At: {at}")


class MarkupUnreadable(Unreadable):
    """The text is not well-formed XML, or declares entities, which no official answer does."""


class ElementRepeated(Unreadable):
    """The element stands twice where the message has room for one."""


class TextUnreadable(Unreadable):
    """The text of the element is not of the form that its type has."""


class ElementMissing(Unreadable):
    """An element that every answer has is not there."""


class ContentUnknown(Unreadable):
    """What is inside the answer is of another kind than was asked for."""


class FormUnusable(ValueError):
    """A table of a form does not fit the messages; a fault of ours, found when it is loaded."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{self.__doc__} At: {where}")


class SchemaUnusable(ValueError):
    """The file is no schema of this form."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{self.__doc__} At: {where}")
