"""What the edge refuses itself, by a real Envoy: always with one ErrorInfo, in every language that
it speaks, and without a word about whom it was asked."""

import asyncio
import json

import grpc
import pytest
import pytest_asyncio
from cbss.routing.v1 import routing_service_pb2 as pb
from cbss.routing.v1 import routing_service_pb2_grpc as rpc

from gateway.envoy.clusters import Upstream
from services.kit import bounds
from services.kit.health import Health
from services.kit.serve import Service
from tests.gateway.edges import edge_before
from tests.mesh.asking import reason
from tests.support.certificates import Authority, NameOID
from tests.support.server import served
from tests.support.waiting import until

CONSULT = "/cbss.routing.v1.RoutingService/Consult"
REPORT = "/cbss.audit.v1.ErrorReportService/ReportError"
AWAY = "/cbss.access.v1.DeliberationService/ListDeliberations"
JSON = {"content-type": "application/json"}
SSIN = "71713000318"

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Answering(rpc.RoutingServiceServicer):
    """Answers, and tells how large the metadata was by not falling over it."""

    async def Consult(self, request, context):
        answer = pb.ConsultResponse()
        answer.status.code = "MSG00000"
        return answer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def edge(tmp_path_factory):
    """An edge before a routing that answers everything; every other service is away."""
    folder, mesh = tmp_path_factory.mktemp("edge"), Authority()
    descriptor = pb.DESCRIPTOR.services_by_name["RoutingService"]
    service = Service(rpc.add_RoutingServiceServicer_to_server, Answering(), descriptor)
    table = {CONSULT[1:]: frozenset({"gateway"})}
    async with (
        served(folder, mesh, [service], table, name="routing") as routing,
        Health([], {}).listen("127.0.0.1:0") as health,
        edge_before(
            folder, mesh, [Upstream("routing", routing.address, f"127.0.0.1:{health}")]
        ) as running,
    ):

        async def answers():
            status, *_ = await post(running, CONSULT, "{}")
            return status == 200

        await until(answers)
        yield running


def program(edge):
    return edge.institutions.program("NTRBE-0899990348")


async def post(edge, path, body, *, client=None, method="POST", headers=JSON):
    return await asyncio.to_thread(
        edge.http, client or program(edge), path, body, method=method, headers=headers
    )


async def called(edge, path=CONSULT, content=b"", **how):
    """A gRPC call as bytes: its fault, or nothing."""
    async with edge.channel(program(edge)) as channel:
        try:
            await channel.unary_unary(path)(content, timeout=10, **how)
        except grpc.aio.AioRpcError as fault:
            return fault
    return None


FORM = "application/x-www-form-urlencoded"
IN_JSON = [
    # Everything that a page of another origin can send without being asked for leave first.
    (REPORT, {"headers": {"content-type": "text/plain"}}, 415, "CONTENT_TYPE_REFUSED"),
    (REPORT, {"headers": {"content-type": "text/plain;application/json"}}, 415, "CONTENT_TYPE_"),
    (REPORT, {"headers": {"content-type": FORM}}, 415, "CONTENT_TYPE_REFUSED"),
    (REPORT, {"headers": {"content-type": "multipart/form-data; boundary=x"}}, 415, "CONTENT_TYP"),
    (REPORT, {"headers": {"content-type": "application/jsonp"}}, 415, "CONTENT_TYPE_REFUSED"),
    (REPORT, {"headers": {"content-type": "application/grpcx"}}, 415, "CONTENT_TYPE_REFUSED"),
    (REPORT, {"headers": {"content-type": ""}}, 415, "CONTENT_TYPE_REFUSED"),
    (REPORT, {"headers": {}}, 415, "CONTENT_TYPE_REFUSED"),
    (REPORT, {"headers": JSON | {"origin": "https://evil.example"}}, 403, "ORIGIN_FOREIGN"),
    (REPORT, {"headers": JSON | {"origin": "null"}}, 403, "ORIGIN_FOREIGN"),
    (REPORT, {"headers": JSON | {"sec-fetch-site": "cross-site"}}, 403, "ORIGIN_FOREIGN"),
    (REPORT, {"headers": JSON | {"sec-fetch-site": "same-site"}}, 403, "ORIGIN_FOREIGN"),
    (REPORT, {"method": "OPTIONS", "headers": JSON}, 405, "METHOD_REFUSED"),
    (CONSULT, {"method": "GET", "body": None, "headers": {}}, 405, "METHOD_REFUSED"),
    (CONSULT, {"method": "PUT"}, 405, "METHOD_REFUSED"),
    (CONSULT, {"method": "PATCH"}, 405, "METHOD_REFUSED"),
    (CONSULT, {"method": "DELETE"}, 405, "METHOD_REFUSED"),
    ("/openapi.json", {"method": "POST"}, 405, "METHOD_REFUSED"),
    ("/descriptors.binpb", {"method": "POST"}, 405, "METHOD_REFUSED"),
    (CONSULT + "?pretty=1", {}, 400, "QUERY_REFUSED"),
    (CONSULT + f"?ssin={SSIN}", {}, 400, "QUERY_REFUSED"),
    ("/openapi.json?x", {"method": "GET", "body": None}, 400, "QUERY_REFUSED"),
    (CONSULT + "x", {}, 404, "PATH_UNKNOWN"),
    (f"/persons/{SSIN}", {"method": "GET", "body": None}, 404, "PATH_UNKNOWN"),
    ("/", {"method": "GET", "body": None, "headers": {}}, 404, "PATH_UNKNOWN"),
    ("/x%2Fy", {}, 400, "REQUEST_REFUSED"),
    (CONSULT, {"body": "{"}, 400, "MESSAGE_UNREADABLE"),
    (CONSULT, {"body": ""}, 200, None),
    (CONSULT, {"body": '{"ssin": 71713000318}'}, 400, "MESSAGE_UNREADABLE"),
    (CONSULT, {"body": '{"criteria": {"@type": "t.googleapis.com/x.Y"}}'}, 400, "MESSAGE_UNREA"),
    (CONSULT, {"body": json.dumps({"ssin": "1" * 1_200_000})}, 413, "MESSAGE_TOO_LARGE"),
    (CONSULT, {"headers": JSON | {"x-token": "a" * 50_000}}, 431, "HEADERS_TOO_LARGE"),
    (CONSULT, {"headers": JSON | {f"x-{n}": "1" for n in range(220)}}, 431, "HEADERS_TOO_LARGE"),
    (CONSULT, {"headers": JSON | {"x-token": "a" * 300_000}}, 431, "HEADERS_TOO_LARGE"),
    (CONSULT, {"headers": JSON | {"x-forwarded-client-cert": "Hash=1"}}, 401, "IDENTITY_FORGED"),
    (AWAY, {}, 503, "SERVICE_UNAVAILABLE"),
]


@pytest.mark.parametrize(("path", "how", "status", "why"), IN_JSON)
async def test_in_json_a_refusal_is_a_status_with_one_reason(edge, path, how, status, why):
    card = edge.citizens.issue([(NameOID.SERIAL_NUMBER, SSIN)], [])
    how = {"body": "{}", "client": card} | how

    said, kind, body = await post(edge, path, **how)

    assert (said, kind) == (status, "application/json")
    if why is not None:
        (info,) = [one for one in body["details"] if one["@type"].endswith("google.rpc.ErrorInfo")]
        assert info["reason"].startswith(why)
        assert {"code", "message"} <= body.keys()
        assert SSIN not in json.dumps(body)


@pytest.mark.parametrize(
    "headers",
    [
        JSON,
        {"content-type": "application/json; charset=utf-8"},
        {"content-type": "Application/JSON"},
        JSON | {"sec-fetch-site": "same-origin"},
        JSON | {"sec-fetch-site": "none"},
        JSON | {"host": "gateway:7443", "origin": "https://gateway:7443"},
        JSON | {"x_request_id": "1"},
    ],
)
async def test_what_is_a_call_of_the_clients_own_is_answered(edge, headers):
    status, kind, body = await post(edge, CONSULT, "{}", headers=headers)

    assert (status, kind) == (200, "application/json")
    assert body["status"]["code"] == "MSG00000"


@pytest.mark.parametrize(
    ("how", "code", "why"),
    [
        ({"path": "/grpc.reflection.v1.ServerReflection/X"}, "UNIMPLEMENTED", "PATH_UNKNOWN"),
        ({"path": "/cbss.routing.v1.RoutingService/X"}, "UNIMPLEMENTED", "PATH_UNKNOWN"),
        ({"path": "/cbss.supplier.v1.SupplierService/Answer"}, "UNIMPLEMENTED", "PATH_UNKNOWN"),
        ({"path": CONSULT + "?x"}, "INVALID_ARGUMENT", "QUERY_REFUSED"),
        ({"path": AWAY}, "UNAVAILABLE", "SERVICE_UNAVAILABLE"),
        ({"content": b"\xff" * 9}, "INVALID_ARGUMENT", "MESSAGE_UNREADABLE"),
        ({"content": b"x" * (bounds.MESSAGE + 1)}, "RESOURCE_EXHAUSTED", "MESSAGE_TOO_LARGE"),
        ({"content": b"x" * 5 * bounds.MESSAGE}, "RESOURCE_EXHAUSTED", "MESSAGE_TOO_LARGE"),
        ({"metadata": [("x-token", "a" * 49_000)]}, "RESOURCE_EXHAUSTED", "HEADERS_TOO_LARGE"),
        (
            {"metadata": [(f"x-{n}", "a" * 9_000) for n in range(10)]},
            "RESOURCE_EXHAUSTED",
            "HEADERS_TOO_LARGE",
        ),
        ({"metadata": [(f"x-{n}", "1") for n in range(250)]}, "RESOURCE_EXHAUSTED", "HEADERS_TOO"),
        ({"metadata": [("x-forwarded-client-cert", "x")]}, "UNAUTHENTICATED", "IDENTITY_FORGED"),
        ({"metadata": [("origin", "https://evil.example")]}, "PERMISSION_DENIED", "ORIGIN_FOREIGN"),
    ],
)
async def test_in_grpc_a_refusal_has_a_code_and_one_reason(edge, how, code, why):
    fault = await called(edge, **how)

    assert fault.code().name == code
    assert reason(fault).startswith(why)
    assert fault.details()
    assert not fault.details().startswith("{")


@pytest.mark.parametrize("path", [CONSULT + "?x", AWAY])
async def test_in_grpc_web_a_refusal_stands_in_the_headers(edge, path):
    headers = {"content-type": "application/grpc-web+proto"}

    status, kind, body = await post(edge, path, b"\0" * 5, headers=headers)

    assert (status, body) == (200, b"")
    assert kind in ("", "application/grpc-web+proto")


async def test_what_asks_for_reflection_is_told_that_there_is_none(edge):
    asking = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"

    def falls_back():
        identity = program(edge)
        credentials = grpc.ssl_channel_credentials(
            edge.institutions.pem, identity.key_pem, identity.pem
        )
        options = [("grpc.ssl_target_name_override", "gateway")]
        with grpc.secure_channel(edge.edge.listen_address, credentials, options) as channel:
            try:
                list(channel.stream_stream(asking)(iter([b"x"]), timeout=10))
            except grpc.RpcError as fault:
                return fault.code()
        return None

    assert await asyncio.to_thread(falls_back) is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("size", [100, 9_000, 12_000, 20_000, 40_000])
async def test_metadata_within_the_bound_is_always_answered(edge, size):
    faults = [await called(edge, metadata=[("x-token", "a" * size)]) for _ in range(8)]

    assert faults == [None] * 8


@pytest.mark.parametrize(
    ("names", "why"), [(20, None), (100, None), (400, "CERTIFICATE_TOO_LARGE")]
)
async def test_a_large_certificate_is_always_taken_or_always_refused(edge, names, why):
    hosts = [f"service-{n:04}.long-name.institution.example.be" for n in range(names)]
    client = edge.institutions.issue(
        [(NameOID.ORGANIZATION_IDENTIFIER, "NTRBE-0899990348")], edge.institutions.hosts(hosts)
    )
    for _ in range(8):
        _, _, body = await post(edge, CONSULT, "{}", client=client)
        assert (body["details"][0]["reason"] if "details" in body else None) == why


async def test_no_number_of_a_person_stands_in_a_log(tmp_path, capfd):
    """Wherever a client writes one: address, query, header, message."""
    card = ("content-type", "application/json")
    async with edge_before(tmp_path, Authority(), []) as edge:
        for path, body, headers in (
            (f"{CONSULT}?ssin={SSIN}", "{}", {}),
            (f"/cbss.routing.v1.RoutingService/{SSIN}", "{}", {}),
            (f"/{SSIN}/{SSIN}", "{}", {}),
            (CONSULT, json.dumps({"ssin": int(SSIN)}), {}),
            (CONSULT, "{}", {"traceparent": SSIN}),
            (CONSULT, "{}", {"traceparent": f"00-{SSIN}"}),
            (CONSULT, "{}", {"origin": f"https://{SSIN}.example"}),
            (CONSULT, "{}", {"x-request-id": SSIN, "user-agent": SSIN, "x-forwarded-for": SSIN}),
        ):
            await post(edge, path, body, headers=dict([card]) | headers)
        await called(edge, f"/x.Y/{SSIN}", metadata=[("traceparent", SSIN)])
    written = {path: path.read_bytes() for path in tmp_path.glob("refusals*")}

    assert b"MESSAGE_UNREADABLE" not in b"".join(written.values())
    assert len(b"".join(written.values()).splitlines()) >= 9
    assert [path for path, text in written.items() if SSIN.encode() in text] == []
    assert SSIN not in "".join(capfd.readouterr())
