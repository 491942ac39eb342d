"""The OpenAPI document of the public surface, made from the same descriptors that Envoy translates
JSON with: paths from the table of routes, schemas and their words from the contracts."""

from collections.abc import Iterable, Sequence
from typing import Any

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field

from gateway.routes import Route

Schema = dict[str, Any]

_SCALARS: dict[int, Schema] = {
    Field.TYPE_DOUBLE: {"type": "number", "format": "double"},
    Field.TYPE_FLOAT: {"type": "number", "format": "float"},
    Field.TYPE_INT64: {"type": "string", "format": "int64"},
    Field.TYPE_SINT64: {"type": "string", "format": "int64"},
    Field.TYPE_SFIXED64: {"type": "string", "format": "int64"},
    Field.TYPE_UINT64: {"type": "string", "format": "uint64"},
    Field.TYPE_FIXED64: {"type": "string", "format": "uint64"},
    Field.TYPE_INT32: {"type": "integer", "format": "int32"},
    Field.TYPE_SINT32: {"type": "integer", "format": "int32"},
    Field.TYPE_SFIXED32: {"type": "integer", "format": "int32"},
    Field.TYPE_UINT32: {"type": "integer", "minimum": 0},
    Field.TYPE_FIXED32: {"type": "integer", "minimum": 0},
    Field.TYPE_BOOL: {"type": "boolean"},
    Field.TYPE_STRING: {"type": "string"},
    Field.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
}
_WELL_KNOWN: dict[str, Schema] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "examples": ["0.8s"]},
    "google.protobuf.Any": {
        "type": "object",
        "required": ["@type"],
        "properties": {"@type": {"type": "string"}},
        "additionalProperties": True,
        "description": "A message of a data contract, its full name behind type.googleapis.com/.",
    },
}
_ABOUT = """The public RPCs in JSON, over mutual TLS 1.3. gRPC is the same path.

Send the message as `application/json`, by POST, without a query. Requests have no other fields than
those described here: the edge passes over a field that it does not know without a word, so let your
tool check what you send against these schemas. Answers may gain fields."""
_ASKED, _ECHOED = ".Asked", ".Echoed"
"""How the name of a schema ends: of what is part of a request, and may have no other fields; and of
a request as an answer repeats it, which may."""
_MESSAGES, _ENUMS, _SERVICES, _PARTS = 4, 5, 6, 2
_INNER, _INNER_ENUMS = 3, 4
"""Field numbers in descriptor.proto, as source locations use them: parts are fields and methods."""
_Said = dict[tuple[int, ...], str]


class Contracts:
    """Messages, enums and RPCs by full name, each with the comment above it."""

    def __init__(self, described: descriptor_pb2.FileDescriptorSet) -> None:
        self.messages: dict[str, descriptor_pb2.DescriptorProto] = {}
        self.enums: dict[str, descriptor_pb2.EnumDescriptorProto] = {}
        self.rpcs: dict[str, descriptor_pb2.MethodDescriptorProto] = {}
        self.words: dict[str, str] = {}
        self.requests: set[str] = set()
        for file in described.file:
            self._read(file)

    def _read(self, file: descriptor_pb2.FileDescriptorProto) -> None:
        said = {tuple(at.path): at.leading_comments for at in file.source_code_info.location}
        for n, message in enumerate(file.message_type):
            self._message(f"{file.package}.{message.name}", message, said, (_MESSAGES, n))
        for n, enum in enumerate(file.enum_type):
            self.enums[f"{file.package}.{enum.name}"] = enum
            self._note(f"{file.package}.{enum.name}", said, (_ENUMS, n))
        for n, service in enumerate(file.service):
            for m, method in enumerate(service.method):
                rpc = f"{file.package}.{service.name}/{method.name}"
                self.rpcs[rpc] = method
                self.requests.add(method.input_type.lstrip("."))
                self._note(rpc, said, (_SERVICES, n, _PARTS, m))

    def _message(
        self, name: str, message: descriptor_pb2.DescriptorProto, said: _Said, at: tuple[int, ...]
    ) -> None:
        """A message and those that are in it."""
        self.messages[name] = message
        self._note(name, said, at)
        for m, field in enumerate(message.field):
            self._note(f"{name}.{field.name}", said, (*at, _PARTS, m))
        for m, inner in enumerate(message.nested_type):
            self._message(f"{name}.{inner.name}", inner, said, (*at, _INNER, m))
        for m, enum in enumerate(message.enum_type):
            self.enums[f"{name}.{enum.name}"] = enum
            self._note(f"{name}.{enum.name}", said, (*at, _INNER_ENUMS, m))

    def _note(self, name: str, said: _Said, at: tuple[int, ...]) -> None:
        lines = (line.strip() for line in said.get(at, "").splitlines())
        self.words[name] = "\n".join(lines).strip()


def document(
    described: descriptor_pb2.FileDescriptorSet,
    routes: Sequence[Route],
    payloads: Iterable[str] = (),
) -> Schema:
    """The document, as data to be written as JSON; `payloads` names the messages of data contracts
    that were registered, which are anywhere."""
    contracts = Contracts(described)
    # Payloads travel in Any, so no RPC refers to them: the data contracts are all described.
    wanted = [(name, False) for name in contracts.messages if name.startswith("cbss.data.")]
    wanted += [(name, False) for name in payloads if name in contracts.messages]
    paths: Schema = {}
    for route in routes:
        rpc = contracts.rpcs[route.rpc]
        asked, given = rpc.input_type.lstrip("."), rpc.output_type.lstrip(".")
        wanted += [(asked, True), (given, False)]
        paths[f"/{route.rpc}"] = {"post": _operation(contracts.words[route.rpc], rpc, asked, given)}
    wanted.append(("google.rpc.Status", False))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CBSS mesh",
            "version": "1",
            "description": _ABOUT,
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(contracts, wanted),
            "securitySchemes": {"certificate": {"type": "mutualTLS"}},
        },
        "security": [{"certificate": []}],
    }


def _operation(
    words: str, rpc: descriptor_pb2.MethodDescriptorProto, asked: str, given: str
) -> Schema:
    return {
        "operationId": rpc.name,
        "summary": words.partition("\n\n")[0].replace("\n", " "),
        "description": words,
        "requestBody": {"required": True, **_json(asked)},
        "responses": {
            "200": {"description": "The answer; refusals by law are answers.", **_json(given)},
            "default": {"description": "There was no exchange.", **_json("google.rpc.Status")},
        },
    }


def _json(name: str) -> Schema:
    return {"content": {"application/json": {"schema": _reference(name)}}}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas(contracts: Contracts, wanted: Iterable[tuple[str, bool]]) -> Schema:
    """The schemas of messages and of all they refer to, strict where they are part of a request."""
    schemas: Schema = {}
    left = [(name, name, strict) for name, strict in wanted]
    while left:
        called, name, strict = left.pop()
        if called in schemas or name in _WELL_KNOWN:
            continue
        if name in contracts.enums:
            schemas[called] = {
                "type": "string",
                "enum": [value.name for value in contracts.enums[name].value],
                "description": contracts.words[name],
            }
            continue
        message = contracts.messages[name]
        parts = [field.type_name.lstrip(".") for field in message.field if field.type_name]
        left += [(_called(contracts, part, strict), part, strict) for part in parts]
        schemas[called] = {
            "type": "object",
            "description": contracts.words[name],
            "properties": {
                field.name: _field(contracts, name, field, strict) for field in message.field
            },
            **({"additionalProperties": False} if strict else {}),
        }
    return dict(sorted(schemas.items()))


def _called(contracts: Contracts, name: str, strict: bool) -> str:
    if name not in contracts.messages or name in _WELL_KNOWN:
        return name
    if strict:
        return f"{name}{_ASKED}"
    return f"{name}{_ECHOED}" if name in contracts.requests else name


def _field(contracts: Contracts, message: str, field: Field, strict: bool) -> Schema:
    name, words = field.type_name.lstrip("."), contracts.words[f"{message}.{field.name}"]
    entry = contracts.messages.get(name)
    if entry is not None and entry.options.map_entry:
        held = _field(contracts, name, entry.field[1], strict)
        return {"type": "object", "additionalProperties": held, "description": words}
    one = (
        _SCALARS.get(field.type)
        or _WELL_KNOWN.get(name)
        or _reference(_called(contracts, name, strict))
    )
    if field.label == Field.LABEL_REPEATED:
        return {"type": "array", "items": one, "description": words}
    return {**one, "description": words}
