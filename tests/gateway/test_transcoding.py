"""Files of the edge that are made anew when data contracts are registered: what JSON is translated
by, and the document that describes it."""

import asyncio
import json
from pathlib import Path

from cbss.registry.v1 import reference_pb2
from google.protobuf import descriptor_pb2

from gateway.edges import DESCRIPTORS
from gateway.routes import ROUTES
from gateway.transcoding import Transcoding
from tests.gateway.edges import edge_before
from tests.support.waiting import until


def contract(package="observatory.v1", *, breaks=False):
    """A contract whose result has a message in it, and a map."""
    file = descriptor_pb2.FileDescriptorProto(
        name=f"{package.replace('.', '/')}/told.proto", package=package, syntax="proto3"
    )
    file.message_type.add(name="Criteria").field.add(name="text", number=1, type=9, label=1)
    result = file.message_type.add(name="Result")
    result.nested_type.add(name="Star").field.add(name="colour", number=1, type=9, label=1)
    entry = result.nested_type.add(name="NamesEntry")
    entry.field.add(name="key", number=1, type=9, label=1)
    entry.field.add(name="value", number=2, type=9, label=1)
    entry.options.map_entry = True
    for number, (name, kind) in enumerate((("stars", "Star"), ("names", "NamesEntry")), 1):
        field = result.field.add(name=name, number=number, type=11, label=3)
        field.type_name = f".{package}.Result.{kind}"
    if breaks:
        file.dependency.append("nowhere.proto")
    return reference_pb2.DataContract(
        criteria_type=f"{package}.Criteria",
        result_type=f"{package}.Result",
        descriptor_set=descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString(),
    )


def written(tmp_path, *contracts):
    """The document that Envoy answers with, by what it watches."""
    made = Transcoding(tmp_path / "watched", DESCRIPTORS, ROUTES)
    made.write([])
    made.write(contracts)
    (table,) = json.loads(made.watched.table.read_bytes())["resources"]
    (host,) = table["virtual_hosts"]
    *routes, route, descriptors = host["routes"]
    assert [one["match"]["path"] for one in routes] == [f"/{one.rpc}" for one in ROUTES]
    assert route["match"] == {"path": "/openapi.json"}
    assert descriptors["match"] == {"path": "/descriptors.binpb"}
    published = Path(descriptors["direct_response"]["body"]["filename"]).read_bytes()
    names = {file.name for file in descriptor_pb2.FileDescriptorSet.FromString(published).file}
    assert "cbss/routing/v1/routing_service.proto" in names
    path = tmp_path / "watched" / route["direct_response"]["body"]["filename"]
    assert [one.name for one in path.parent.glob("openapi-*")] == [path.name]
    return json.loads(path.read_bytes())["components"]["schemas"]


def test_a_contract_that_was_registered_is_described_with_all_that_is_in_it(tmp_path):
    schemas = written(tmp_path, contract())

    result = schemas["observatory.v1.Result"]["properties"]
    assert "observatory.v1.Criteria" in schemas
    assert result["stars"]["items"] == {"$ref": "#/components/schemas/observatory.v1.Result.Star"}
    assert result["names"]["additionalProperties"]["type"] == "string"
    assert "observatory.v1.Result.Star" in schemas


def test_a_contract_that_does_not_hold_together_is_in_no_document_and_spoils_none(tmp_path):
    schemas = written(tmp_path, contract(breaks=True), contract("laboratory.v1"))

    assert "laboratory.v1.Result" in schemas
    assert not [name for name in schemas if name.startswith("observatory.")]


async def test_the_edge_describes_a_contract_as_soon_as_it_is_registered(tmp_path, authority):
    watched = Transcoding(tmp_path / "watched", DESCRIPTORS, ROUTES)
    watched.write([])
    async with edge_before(tmp_path, authority, [], transcoding=watched) as edge:
        client = edge.institutions.program("NTRBE-0899990348")

        async def schemas():
            status, _, told = await asyncio.to_thread(
                edge.http, client, "/openapi.json", method="GET"
            )
            return told["components"]["schemas"] if status == 200 else {}

        async def is_described():
            return "observatory.v1.Result.Star" in await schemas()

        before = await schemas()
        watched.write([contract()])
        await until(is_described)

    assert "cbss.data.v1.HandicapFile" in before
    assert "observatory.v1.Result" not in before
