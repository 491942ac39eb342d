"""Reading messages of data contracts strictly: what is not declared is not let through."""

from google.protobuf.message import DecodeError

from services.routing.model import DataContract, Payload
from services.routing.model.messages import Message
from services.routing.rules.declared import holds_undeclared


class Unreadable(Exception):
    """The bytes are not a message of this contract, or hold fields or values of enums that it does
    not declare."""


def read(payload: Payload, contract: DataContract) -> Message:
    """The message that a payload holds."""
    kind = contract.types.kinds.get(payload.type_name)
    if kind is None:
        raise Unreadable
    message = kind()
    try:
        message.ParseFromString(payload.content)
    except DecodeError as unreadable:
        raise Unreadable from unreadable
    # Undeclared fields survive parsing, at any depth; dropping them must change nothing.
    size = message.ByteSize()
    message.DiscardUnknownFields()
    if message.ByteSize() != size or holds_undeclared(message, contract.types.values):
        raise Unreadable
    return message
