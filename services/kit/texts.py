"""The last net under texts that no database takes: the caller is told which field holds one.

Each service refuses in its own way what its fields may not hold. This is for what was overlooked,
so that it is the caller's mistake and not ours.
"""

from collections.abc import Iterator

from google.protobuf.message import Message

from services.concepts.failures import FieldViolation, InvalidArgument
from services.kit.postgres import UNSTORABLE
from services.kit.status import faults_in

NUL = "\0"


def unstorable(fault: BaseException, message: object) -> InvalidArgument | None:
    """The failure of a call whose message holds a text that the store refused; nothing if that was
    not it, or the text is not the caller's."""
    if not any(isinstance(one, UNSTORABLE) for one in faults_in(fault)):
        return None
    named = [
        FieldViolation(path, "must have no characters that nobody sees")
        for path in (_holding(message, "") if isinstance(message, Message) else ())
    ]
    return InvalidArgument(violations=named) if named else None


def _holding(message: Message, path: str) -> Iterator[str]:
    """The fields of a message that hold NUL."""
    for field, value in message.ListFields():
        name = f"{path}{field.name}"
        for at, one in enumerate(value) if field.is_repeated else ((None, value),):
            where = name if at is None else f"{name}[{at}]"
            if isinstance(one, Message):
                yield from _holding(one, f"{where}.")
            elif isinstance(one, str) and NUL in one:
                yield where
