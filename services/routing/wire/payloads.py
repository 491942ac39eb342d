"""Messages of data contracts as they travel."""

from google.protobuf import any_pb2

from services.routing.model import Payload

_PREFIX = "type.googleapis.com/"


def decode_payload(packed: any_pb2.Any) -> Payload:
    """What travels in `Any`."""
    return Payload(packed.type_url.removeprefix(_PREFIX), packed.value)


def encode_any(payload: Payload) -> any_pb2.Any:
    """A payload as it travels."""
    return any_pb2.Any(type_url=_PREFIX + payload.type_name, value=payload.content)
