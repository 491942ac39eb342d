"""What was noticed, and what could not be read."""

from collections.abc import Iterable

from cbss.identification.v1 import search_pb2

from services.concepts.failures import InvalidArgument
from services.identification.model.calls import Unreadable
from services.identification.model.searches import Reason
from services.identification.rules.searching import ARGUMENT_INVALID


def encode_reasons(noticed: Iterable[Reason]) -> list[search_pb2.Reason]:
    """What was noticed."""
    return [
        search_pb2.Reason(code=one.code, field_name=one.field, description=one.description)
        for one in noticed
    ]


def decode_refusal(wrong: InvalidArgument) -> Unreadable:
    """What is wrong, for an answer after the door instead of a failure before it."""
    return Unreadable(
        tuple(Reason(ARGUMENT_INVALID, one.field, one.description) for one in wrong.violations)
    )
