"""The OpenAPI document says of the public surface what the contracts say."""

import re
from collections.abc import Iterator

import pytest
from google.protobuf import descriptor_pb2

from gateway.edges import DESCRIPTORS
from gateway.openapi import document
from gateway.routes import ROUTES

DESCRIBED = descriptor_pb2.FileDescriptorSet.FromString(DESCRIPTORS.read_bytes())
DOCUMENT = document(DESCRIBED, ROUTES)
SCHEMAS = DOCUMENT["components"]["schemas"]
KINDS = {"object", "array", "string", "integer", "number", "boolean"}


def parts(held: object) -> Iterator[dict]:
    """Every object in the document."""
    if isinstance(held, dict):
        yield held
    for inner in held.values() if isinstance(held, dict) else held:
        if isinstance(inner, dict | list):
            yield from parts(inner)


def messages(prefix: str) -> dict[str, descriptor_pb2.DescriptorProto]:
    return {
        f"{file.package}.{message.name}": message
        for file in DESCRIBED.file
        for message in file.message_type
        if file.package.startswith(prefix)
    }


def test_the_document_is_of_the_version_it_names():
    assert DOCUMENT["openapi"] == "3.1.0"
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    assert DOCUMENT["components"]["securitySchemes"] == {"certificate": {"type": "mutualTLS"}}


def test_the_paths_are_the_routes():
    assert list(DOCUMENT["paths"]) == [f"/{route.rpc}" for route in ROUTES]
    assert all(list(path) == ["post"] for path in DOCUMENT["paths"].values())


def test_every_reference_leads_somewhere():
    references = {part["$ref"] for part in parts(DOCUMENT) if "$ref" in part}

    assert references
    assert references <= {f"#/components/schemas/{name}" for name in SCHEMAS}


def test_every_operation_takes_and_gives_json_and_says_how_it_fails():
    for route in ROUTES:
        operation = DOCUMENT["paths"][f"/{route.rpc}"]["post"]
        package, name = route.rpc.split("/")[0].rpartition(".")[0], route.rpc.split("/")[1]

        assert operation["operationId"] == name
        assert reference(operation["requestBody"]) == f"{package}.{name}Request"
        assert reference(operation["responses"]["200"]) == f"{package}.{name}Response"
        assert reference(operation["responses"]["default"]) == "google.rpc.Status"


def reference(body: dict) -> str:
    return body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.rpc)
def test_an_operation_is_explained_with_the_words_of_its_contract(route):
    operation = DOCUMENT["paths"][f"/{route.rpc}"]["post"]

    assert operation["description"].startswith(operation["summary"].split()[0])
    assert re.search("Callers: .*gateway", " ".join(operation["description"].split()))


def test_every_schema_of_ours_and_each_of_its_fields_is_explained():
    unexplained = [
        f"{name}.{field or ''}"
        for name, schema in SCHEMAS.items()
        if name.startswith("cbss.")
        for field, part in [(None, schema), *schema.get("properties", {}).items()]
        if not part["description"]
    ]

    assert unexplained == []


def test_every_data_contract_is_described_whole():
    contracts = messages("cbss.data.v1")

    assert contracts
    for name, message in contracts.items():
        assert list(SCHEMAS[name]["properties"]) == [field.name for field in message.field]


def test_every_schema_is_of_a_kind_that_json_schema_knows():
    kinds = {part["type"] for part in parts(SCHEMAS) if isinstance(part.get("type"), str)}

    assert kinds <= KINDS
    for part in parts(SCHEMAS):
        if part.get("type") == "array":
            assert part["items"]


def test_an_enum_is_its_words():
    values = SCHEMAS["cbss.common.v1.StatusValue"]

    assert values["type"] == "string"
    assert values["enum"][0] == "STATUS_VALUE_UNSPECIFIED"


def test_numbers_of_64_bits_are_text_as_in_proto_json():
    for name, message in messages("cbss.").items():
        for field in message.field:
            if field.type == field.TYPE_INT64 and name in SCHEMAS:
                assert SCHEMAS[name]["properties"][field.name]["type"] == "string"


def allowed(schema: dict, value: object) -> bool:
    """Whether a value has no other fields than its schema, all the way down."""
    if "$ref" in schema:
        return allowed(SCHEMAS[schema["$ref"].rpartition("/")[2]], value)
    if isinstance(value, list):
        return all(allowed(schema["items"], one) for one in value)
    if not isinstance(value, dict):
        return True
    known = schema["properties"]
    if schema.get("additionalProperties") is False and not value.keys() <= known.keys():
        return False
    return all(allowed(known[name], inner) for name, inner in value.items() if name in known)


@pytest.mark.parametrize(
    ("period", "fits"),
    [
        ({"begin_date": {"year": 2026}, "end_date": {"year": 2026}}, True),
        ({"begin_date": {"year": 2026}, "end_dat": {"year": 2026}}, False),
        ({"begin_date": {"jaar": 2026}}, False),
    ],
)
def test_a_misspelt_field_of_a_request_does_not_fit_the_document(period, fits):
    rpc = "/cbss.directory.v1.DirectoryService/RegisterPerson"
    body = DOCUMENT["paths"][rpc]["post"]["requestBody"]["content"]["application/json"]["schema"]

    assert allowed(body, {"ssin": "71713000318", "period": period}) == fits
    assert allowed(body, {"sin": "71713000318"}) is False


def test_requests_have_no_other_fields_all_the_way_down_and_answers_may():
    asked, given = set(), set()
    for path in DOCUMENT["paths"].values():
        asked |= reached(reference(path["post"]["requestBody"]))
        given |= reached(reference(path["post"]["responses"]["200"]))

    kinds = {name: SCHEMAS[name] for name in asked | given if SCHEMAS[name]["type"] == "object"}
    assert all(
        schema.get("additionalProperties") is False
        for name, schema in kinds.items()
        if name in asked
    )
    assert not any(
        "additionalProperties" in schema for name, schema in kinds.items() if name in given
    )


def reached(name: str) -> set[str]:
    """A schema and all it refers to."""
    found, left = set(), [name]
    while left:
        here = left.pop()
        if here not in found:
            found.add(here)
            left += [p["$ref"].rpartition("/")[2] for p in parts(SCHEMAS[here]) if "$ref" in p]
    return found
