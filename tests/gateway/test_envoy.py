"""The configuration that Envoy gets, judged by Envoy itself, and the table that it is made from."""

import importlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2

from gateway.edges import DESCRIPTORS
from gateway.envoy.bootstrap import Edge, bootstrap
from gateway.envoy.clusters import Upstream
from gateway.limits import Limits
from gateway.process import ConfigurationRefused, validate, wheel_binary, write
from gateway.routes import ROUTES, Route
from gateway.secrets import Secrets
from gateway.transcoding import Transcoding
from services.kit.tls import Files
from tests.support.certificates import Authority

INWARD = ("access.v1.AccessService", "supplier")


@pytest.fixture
def edge(tmp_path: Path, authority: Authority) -> Edge:
    """The edge of the literal table, with all that it reads."""
    own = authority.files(tmp_path, authority.workload("gateway"), "gateway")
    files = Files(own.certificate_file, own.private_key_file, own.authority_file)
    revoked = tmp_path / "revoked.crl"
    revoked.write_bytes(authority.revocation_list())
    Secrets(tmp_path / "secrets", files, files, revoked).refresh()
    transcoding = Transcoding(tmp_path / "transcoding", DESCRIPTORS, ROUTES)
    transcoding.write([])
    return Edge(
        "127.0.0.1:7443",
        "127.0.0.1:7444",
        ROUTES,
        [
            Upstream(name, f"dns:///{name}:7104", f"{name}:7204")
            for name in sorted({route.upstream for route in ROUTES})
        ],
        Limits(),
        tmp_path / "secrets",
        tmp_path / "refusals.jsonl",
        DESCRIPTORS,
        watched=transcoding.watched,
    )


@pytest.fixture
def listed(edge: Edge) -> Edge:
    """The same with all of it in one place: what is watched, Envoy reads later."""
    return replace(edge, watched=None)


async def judged(edge: Edge, folder: Path) -> None:
    write(bootstrap(edge), folder / "envoy.json")
    await validate(wheel_binary(), folder / "envoy.json")


@pytest.mark.parametrize("form", ["edge", "listed"])
async def test_envoy_accepts_the_configuration_of_the_table(request, form, tmp_path):
    await judged(request.getfixturevalue(form), tmp_path)


async def test_envoy_accepts_an_edge_without_json(edge, tmp_path):
    await judged(replace(edge, descriptors=None, watched=None), tmp_path)


async def test_envoy_accepts_a_route_whose_client_sends_a_stream(listed, tmp_path):
    first, *others = ROUTES
    await judged(replace(listed, routes=[replace(first, takes_stream=True), *others]), tmp_path)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.rpc)
def test_a_route_says_whether_its_client_sends_a_stream(route):
    described = descriptor_pb2.FileDescriptorSet.FromString(DESCRIPTORS.read_bytes())
    (method,) = [
        method
        for file in described.file
        for service in file.service
        for method in service.method
        if route.rpc == f"{file.package}.{service.name}/{method.name}"
    ]

    assert route.takes_stream == method.client_streaming


async def test_a_route_to_an_unknown_cluster_is_refused_with_what_envoy_says(listed, tmp_path):
    astray = replace(
        listed, routes=[*ROUTES, Route("cbss.nowhere.v1.NowhereService/Grant", "nowhere")]
    )

    with pytest.raises(ConfigurationRefused, match="unknown cluster 'nowhere'"):
        await judged(replace(astray, descriptors=None), tmp_path)


async def test_a_route_to_an_unknown_service_is_refused_with_what_envoy_says(listed, tmp_path):
    astray = replace(
        listed, routes=[*ROUTES, Route("cbss.nowhere.v1.NowhereService/Grant", "routing")]
    )

    with pytest.raises(ConfigurationRefused, match=r"cbss\.nowhere\.v1\.NowhereService"):
        await judged(astray, tmp_path)


async def test_only_its_owner_reads_the_configuration(edge, tmp_path):
    write(bootstrap(edge), tmp_path / "envoy.json")

    assert (tmp_path / "envoy.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.rpc)
def test_a_route_leads_to_an_rpc_of_the_contracts(route):
    described = descriptor_pb2.FileDescriptorSet.FromString(DESCRIPTORS.read_bytes())

    assert route.rpc in {
        f"{file.package}.{service.name}/{method.name}"
        for file in described.file
        for service in file.service
        for method in service.method
    }


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.rpc)
def test_the_service_behind_a_route_lets_the_gateway_call_it(route):
    service = route.service.split(".")[1]
    table = importlib.import_module(f"services.{service}.callers").CALLERS

    assert "gateway" in table[route.rpc]


def test_what_only_the_mesh_itself_may_ask_has_no_route():
    assert not [r for r in ROUTES if any(r.rpc.startswith(f"cbss.{inward}") for inward in INWARD)]
    assert {r.rpc.partition("/")[2] for r in ROUTES if r.upstream == "audit"} == {
        "ListMyConsultations",
        "ListOwnExchanges",
        "ReportError",
        "ListErrorReports",
        "DecideErrorReport",
        "ListCorrectionNotices",
        "AcknowledgeCorrectionNotice",
        "RecordDecision",
        "ListMyDecisions",
        "ListAlerts",
        "AcknowledgeAlert",
        "GetMonthlyReport",
    }
    assert [r.rpc.partition("/")[2] for r in ROUTES if r.upstream == "buffer"] == ["ListMyFacts"]


def test_through_the_open_door_everybody_reads_what_is_public_and_nothing_else(edge):
    configuration = bootstrap(replace(edge, open_address="127.0.0.1:7445"))
    closed, everybody = configuration["static_resources"]["listeners"]
    manager = found(everybody, "envoy.filters.network.http_connection_manager")
    (host,) = manager["route_config"]["virtual_hosts"]
    socket = everybody["filter_chains"][0]["transport_socket"]["typed_config"]

    assert (closed["name"], everybody["name"]) == ("edge", "open")
    assert [one["match"]["path"] for one in host["routes"]] == [
        "/cbss.coding.v1.ProjectService/ListProjects",
        "/cbss.coding.v1.ProjectService/GetProject",
        "/cbss.access.v1.DeliberationService/ListDeliberations",
        "/cbss.access.v1.DeliberationService/GetDeliberation",
    ]
    # No certificate is asked, and none that a client pretends to have is passed on.
    assert not socket["require_client_certificate"]
    assert manager["forward_client_cert_details"] == "SANITIZE"
    assert (manager["access_log"], everybody["access_log"]) == ([], [])


async def test_envoy_accepts_an_open_door(edge, tmp_path):
    await judged(replace(edge, open_address="127.0.0.1:7445"), tmp_path)


def test_a_route_does_not_let_a_call_last_less_than_its_default():
    assert all(route.deadline <= route.longest for route in ROUTES)


def test_json_is_spoken_for_the_services_of_the_routes(listed):
    transcoder = found(bootstrap(listed), "envoy.filters.http.grpc_json_transcoder")

    assert transcoder["services"] == sorted({route.service for route in ROUTES})


def test_the_routes_are_those_of_the_table_and_none_that_takes_the_rest(listed):
    manager = found(bootstrap(listed), "envoy.filters.network.http_connection_manager")
    (host,) = manager["route_config"]["virtual_hosts"]

    assert [one["match"] for one in host["routes"]] == [
        {"path": f"/{route.rpc}"} for route in ROUTES
    ]


def found(held: object, name: str) -> dict:
    """The message of the one extension of that name."""
    (message,) = _named(held, name)
    return message


def _named(held: object, name: str) -> Sequence[dict]:
    if isinstance(held, list):
        return [one for part in held for one in _named(part, name)]
    if not isinstance(held, dict):
        return []
    here = [held["typed_config"]] if held.get("name") == name and "typed_config" in held else []
    return [*here, *(one for part in held.values() for one in _named(part, name))]
