"""Reference data that change while everything runs: what is registered can be granted and asked
for, what is withdrawn ends, and no process is started again."""

import asyncio
import json
import socket
import ssl
from datetime import timedelta
from http.client import HTTPConnection
from importlib.resources import files
from uuid import uuid4

import grpc
import pytest
import yaml
from cbss.registry.v1 import change_pb2
from cbss.routing.v1 import notice_service_pb2 as notice_pb
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

from sandbox.organizations import organizations
from services.kit.clock import belgian_day, utc_now
from services.kit.snapshots import TRUSTED
from tests.mesh.acts import by_operator, by_registrar
from tests.mesh.asking import consult, outcome, question, reason
from tests.mesh.test_notices import information, pushing
from tests.support.waiting import until

JSON = {"content-type": "application/json"}

pytestmark = pytest.mark.mesh
CONTEXT, NUMBER = "PCSW:LABORATORY", "IVC/KSZG/99/778"
COMMITTEE = "second-committee-member"


def laboratory():
    """The messages of a laboratory, of which nobody had heard."""
    file = descriptor_pb2.FileDescriptorProto(
        name="laboratory/v1/laboratory.proto", package="laboratory.v1", syntax="proto3"
    )
    for name in ("Criteria", "Result"):
        file.message_type.add(name=name).field.add(name="text", number=1, type=9, label=1)
    return file


def contract():
    told = change_pb2.Change().data_contract
    told.code, told.version, told.title = "LABORATORY", 1, "Laboratory"
    told.criteria_type, told.result_type = "laboratory.v1.Criteria", "laboratory.v1.Result"
    held = descriptor_pb2.FileDescriptorSet(file=[laboratory()])
    told.descriptor_set = held.SerializeToString()
    told.integration_check = told.deceased_rule = 2
    supplier = told.suppliers.add(quality_codes=["001", "005"])
    supplier.sector_institution.sector = 16
    return change_pb2.Change(data_contract=told)


def deliberation():
    shipped = files("sandbox").joinpath("deliberations/99-002-means-test.yaml").read_text("utf-8")
    plain = yaml.safe_load(shipped)
    (block, *_) = [one for one in plain["data_blocks"] if one["contract"] == "HANDICAP"]
    plain |= {
        "number": NUMBER,
        "document_ref": NUMBER,
        "legal_contexts": [CONTEXT],
        "status": "PROPOSED",
        "valid_from": belgian_day(utc_now()).isoformat(),
        "data_blocks": [block | {"contract": "LABORATORY", "fields": ["text"]}],
    }
    return yaml.safe_dump(plain)


async def prepared(mesh, *changes):
    answer = await by_registrar(mesh, "PrepareAct", act_id=str(uuid4()), changes=changes)
    return answer.act


async def admit(mesh, *changes):
    act = await prepared(mesh, *changes)
    await by_registrar(mesh, "DecideAct", COMMITTEE, act_id=act.act_id, approved=True)
    return act.act_id


def asked(**criteria):
    pool = descriptor_pool.DescriptorPool()
    pool.Add(laboratory())
    kind = message_factory.GetMessageClass(pool.FindMessageTypeByName("laboratory.v1.Criteria"))
    return question(contract="LABORATORY", context=CONTEXT, criteria=kind(**criteria))


def requested(mesh, method, path, *body):
    """The status and the answer of a call at the edge, in JSON."""
    identity = mesh.institution("pcsw-ghent")
    trust = ssl.create_default_context(cafile=str(identity.authority))
    trust.load_cert_chain(identity.certificate, identity.private_key)
    connection = HTTPConnection("127.0.0.1", mesh.ports["gateway"])
    plain = socket.create_connection(("127.0.0.1", mesh.ports["gateway"]), timeout=10)
    connection.sock = trust.wrap_socket(plain, server_hostname="gateway")
    try:
        connection.request(method, path, *map(json.dumps, body), headers=JSON)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


async def asked_in_json(mesh):
    body = json_format.MessageToDict(
        question(contract="LABORATORY", context=CONTEXT), preserving_proto_field_name=True
    )
    body["criteria"] = {"@type": "type.googleapis.com/laboratory.v1.Criteria", "text": "x"}
    path = "/cbss.routing.v1.RoutingService/Consult"
    return await asyncio.to_thread(requested, mesh, "POST", path, body)


async def test_a_contract_that_is_registered_now_is_granted_and_asked_for(mesh):
    act = await prepared(mesh, contract())
    assert act.state == change_pb2.ACT_STATE_APPROVED

    async def proposed():
        try:
            await by_operator(mesh, "ProposeDeliberation", document=deliberation())
        except grpc.aio.AioRpcError as fault:
            assert reason(fault) == "DELIBERATION_UNREADABLE"
            return False
        return True

    await until(proposed)
    refused = await consult(mesh, asked(text="x"))
    await by_operator(mesh, "EnactDeliberation", "committee-member", number=NUMBER, version=1)

    async def reaches_the_source():
        answer = await consult(mesh, asked(text="x"))
        return [one.status.code for one in answer.results] == ["SOURCE00002"]

    await until(reaches_the_source)
    assert outcome(refused) == "NO_RESULT MSG00013"
    # The simulated source supplies no laboratory, and says so in its own words.
    status, answer = await asked_in_json(mesh)
    assert status == 200, answer
    assert [one["status"]["code"] for one in answer["results"]] == ["SOURCE00002"]


def described(mesh):
    """The schemas of the document at the edge."""
    _, document = requested(mesh, "GET", "/openapi.json")
    return document["components"]["schemas"]


async def test_a_contract_that_is_registered_now_is_described_at_the_edge(mesh):
    file = laboratory()
    file.name, file.package = "observatory/v1/observatory.proto", "observatory.v1"
    inner = file.message_type[1].nested_type.add(name="Star")
    inner.field.add(name="colour", number=1, type=9, label=1)
    star = file.message_type[1].field.add(name="stars", number=2, type=11, label=3)
    star.type_name = ".observatory.v1.Result.Star"
    change = contract()
    told = change.data_contract
    told.code, told.title = "OBSERVATORY", "Observatory"
    told.criteria_type, told.result_type = "observatory.v1.Criteria", "observatory.v1.Result"
    told.descriptor_set = descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString()
    before = await asyncio.to_thread(described, mesh)

    await prepared(mesh, change)

    async def is_described():
        schemas = await asyncio.to_thread(described, mesh)
        return {"observatory.v1.Criteria", "observatory.v1.Result.Star"} <= schemas.keys()

    await until(is_described)
    after = await asyncio.to_thread(described, mesh)
    stars = after["observatory.v1.Result"]["properties"]["stars"]
    assert "observatory.v1.Result" not in before
    assert stars["items"] == {"$ref": "#/components/schemas/observatory.v1.Result.Star"}
    assert before.keys() < after.keys()


async def test_a_key_that_is_withdrawn_is_accepted_no_more_and_by_two_again(mesh):
    one = organizations()["pcsw-ghent"]
    held = mesh.vault.files("pcsw-ghent").issued().public_key_sha256
    key = change_pb2.KeyOf(cbe_number=one.cbe_number, public_key_sha256=held)
    assert outcome(await consult(mesh)) == "DATA_FOUND MSG00000"

    withdrawn = await prepared(mesh, change_pb2.Change(withdrawn_key=key))
    assert withdrawn.state == change_pb2.ACT_STATE_IN_FORCE

    async def answered():
        try:
            return outcome(await consult(mesh)) == "DATA_FOUND MSG00000"
        except grpc.aio.AioRpcError as fault:
            assert reason(fault) == "ORGANIZATION_UNKNOWN"
            return False

    async def refused():
        return not await answered()

    await until(refused)
    await admit(mesh, change_pb2.Change(admitted_key=key))
    await until(answered)


async def to_the_end(stream):
    while await stream.read() is not grpc.aio.EOF:
        pass


async def test_a_withdrawn_key_ends_the_stream_that_it_opened(mesh):
    one = organizations()["pcsw-ghent"]
    held = mesh.vault.files("pcsw-ghent").issued().public_key_sha256
    key = change_pb2.KeyOf(cbe_number=one.cbe_number, public_key_sha256=held)
    watching = notice_pb.WatchNoticesRequest(information_customer=information("pcsw-ghent"))
    async with pushing(mesh, "pcsw-ghent") as notices:
        stream = notices.WatchNotices(watching)
        first = await stream.read()
        await prepared(mesh, change_pb2.Change(withdrawn_key=key))
        try:
            with pytest.raises(grpc.aio.AioRpcError) as ended:
                await to_the_end(stream)
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await notices.ListNotices(
                    notice_pb.ListNoticesRequest(information_customer=information("pcsw-ghent"))
                )
        finally:
            await admit(mesh, change_pb2.Change(admitted_key=key))

    assert first.heartbeat_interval.ToTimedelta() + TRUSTED <= timedelta(minutes=1)
    assert [reason(one.value) for one in (ended, refused)] == ["ORGANIZATION_UNKNOWN"] * 2

    async def serves():
        try:
            return outcome(await consult(mesh)) == "DATA_FOUND MSG00000"
        except grpc.aio.AioRpcError as fault:
            assert reason(fault) == "ORGANIZATION_UNKNOWN"
            return False

    await until(serves)


async def test_every_act_is_on_the_trail(mesh, trail):
    key = change_pb2.KeyOf(
        cbe_number=organizations()["enterprises"].cbe_number, public_key_sha256="7e" * 32
    )
    act = await prepared(mesh, change_pb2.Change(withdrawn_key=key))

    async def recorded():
        return await trail.of_ticket(act.act_id)

    await until(recorded)
    (record,) = await recorded()
    assert await trail.stages(act.act_id) == ["ACT"]
    assert record.operator == "operator"
    assert record.customer_cbe_number == key.cbe_number
