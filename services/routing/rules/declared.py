"""Values that a contract declares: proto3 lets any number stand in an enum, a contract does not.

A number that nobody declared could mean anything, to a deliberation that grants the field and
to the customer who reads it alike.
"""

from collections.abc import Mapping

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.routing.model.messages import EnumField, Message, Values


def values_of(kinds: Mapping[str, type[Message]]) -> Values:
    """For each message type, the fields that are enums, with their numbers, or hold some deeper."""
    found: dict[str, tuple[EnumField, ...]] = {}
    for kind in kinds.values():
        _find(kind.DESCRIPTOR, found)
    return found


def holds_undeclared(message: Message, values: Values) -> bool:
    """Whether a number that its enum does not declare stands in the message, however deep."""
    for name, numbers, is_repeated in values[message.DESCRIPTOR.full_name]:
        if numbers is not None:
            value = getattr(message, name)
            if not numbers.issuperset(value) if is_repeated else value not in numbers:
                return True
        elif is_repeated:
            for part in getattr(message, name):
                if holds_undeclared(part, values):
                    return True
        elif message.HasField(name) and holds_undeclared(getattr(message, name), values):
            return True
    return False


def _find(described: Descriptor, found: dict[str, tuple[EnumField, ...]]) -> None:
    if described.full_name in found:
        return
    found[described.full_name] = tuple(
        EnumField(
            field.name,
            None if field.enum_type is None else frozenset(field.enum_type.values_by_number),
            field.is_repeated,
        )
        for field in described.fields
        if _leads_to_enum(field)
    )
    for field in described.fields:
        if field.message_type is not None:
            _find(field.message_type, found)


def _leads_to_enum(field: FieldDescriptor, seen: frozenset[str] = frozenset()) -> bool:
    below = field.message_type
    if field.enum_type is not None or below is None or below.full_name in seen:
        return field.enum_type is not None
    return any(_leads_to_enum(one, seen | {below.full_name}) for one in below.fields)
