"""The table of the mesh is what there is, and what is derived from it follows it."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

from services import mesh
from services.mesh import Kind
from tests.architecture.project import ROOT, SERVICES, callers, name, sources

COMMANDS = ("load", "bulk", "archive", "verify", "keys")
"""Programs that people start by hand on files that they name; the clock may start one too, and only
then it is a process of the mesh."""
ANSWERING = (Kind.EDGE, Kind.SERVICE, Kind.COMPANION)
FICTITIOUS = """
import json, services.mesh as mesh
new = mesh.Process(
    name="weather", kind=mesh.Kind.SERVICE, package="services.weather", port=7199,
    calls=("audit",), database="weather", public=("WeatherService/Convert",),
)
mesh.PROCESSES = (mesh.PROCESSES[0], new, *mesh.PROCESSES[1:])
from gateway.routes import ROUTES
from gateway.settings import Settings
from sandbox import topology
from tests.architecture import project, test_callers, test_shape
print(json.dumps({
    "routes": "cbss.weather.v1.WeatherService/Convert" in [route.rpc for route in ROUTES],
    "upstream": {"weather_address", "weather_health_address"} <= Settings.model_fields.keys(),
    "ports": topology.fixed_ports()["weather"],
    "health": topology.fixed_ports()["weather-health"],
    "started": "weather" in topology.SERVICES,
    "certificate": "weather" in mesh.named_in_certificates(),
    "database": "weather" in mesh.databases(),
    "laws": "weather" in project.SERVICES,
    "order": test_callers.ORDER[1],
    "keeps": "weather" in test_shape.KEEPS and "weather" in test_shape.CALLS,
}))
"""


@pytest.mark.parametrize("process", mesh.PROCESSES, ids=lambda process: process.name)
def test_every_process_of_the_table_can_be_started(process):
    assert importlib.util.find_spec(f"{process.package}.__main__") is not None


def test_nothing_else_is_started():
    packages = {
        name(path.parent).replace("/", ".")
        for path in sources("services", "gateway")
        if path.name == "__main__.py" and path.parent.name not in COMMANDS
    }

    started = {process.package for process in mesh.PROCESSES}
    assert packages == {one for one in started if one.rpartition(".")[2] not in COMMANDS}


def test_names_and_ports_are_of_one_process_each():
    names = mesh.process_named(mesh.PROCESSES)
    ports = [process.port for process in mesh.PROCESSES if process.port]

    assert len(set(names)) == len(names)
    assert len(set(ports)) == len(ports)
    assert all(process.port == 0 for process in mesh.of_kind(Kind.JOB))


@pytest.mark.parametrize("process", mesh.PROCESSES, ids=lambda process: process.name)
def test_a_process_calls_to_its_right_only(process):
    right = mesh.PROCESSES[mesh.PROCESSES.index(process) + 1 :]

    answering = (Kind.SERVICE, Kind.COMPANION)

    assert set(process.calls) <= {one.name for one in right if one.kind in answering}


@pytest.mark.parametrize("process", mesh.PROCESSES, ids=lambda process: process.name)
def test_what_a_process_calls_is_what_others_let_it(process):
    others = {one.name for one in mesh.PROCESSES if one.workload == process.workload} - {
        process.name
    }
    listed = {
        service
        for service in SERVICES
        for rpc, who in callers(service).items()
        # Sources are found in the catalogue, whoever they are.
        if process.workload in who and rpc.startswith(f"cbss.{service}.")
    }
    made = {mesh.process(one).workload for one in process.calls}
    for other in others:
        made |= {mesh.process(one).workload for one in mesh.process(other).calls}

    calls = process.kind in ANSWERING or process.beside
    assert made == (listed if calls else set())


@pytest.mark.parametrize("service", mesh.process_named(mesh.of_kind(Kind.SERVICE, Kind.COMPANION)))
def test_a_service_reads_the_addresses_of_those_whom_it_calls(service):
    settings = importlib.import_module(f"{mesh.process(service).package}.settings").Settings
    peers = {
        field.removesuffix("_address")
        for field in settings.model_fields
        if field.endswith("_address") and field.removesuffix("_address") in SERVICES
    }

    assert peers == set(mesh.process(service).calls)


@pytest.mark.parametrize("process", mesh.PROCESSES, ids=lambda process: process.name)
def test_a_database_is_entered_by_whoever_belongs_to_the_service_that_owns_it(process):
    owner = process.database

    assert (
        not owner
        or process.package == f"services.{owner}"
        or process.package.startswith(f"services.{owner}.")
    )
    migrations = ROOT / "services" / (process.owns or "-") / "sql" / "migrations"
    assert migrations.exists() == bool(process.owns)


def test_a_new_process_in_the_table_is_seen_everywhere():
    path = os.pathsep.join([str(ROOT), str(ROOT / "protos" / "gen")])
    told = subprocess.run(
        [sys.executable, "-c", FICTITIOUS],
        env={**os.environ, "PYTHONPATH": path},
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )

    assert json.loads(told.stdout) == {
        "routes": True,
        "upstream": True,
        "ports": 7199,
        "health": 7299,
        "started": True,
        "certificate": True,
        "database": True,
        "laws": True,
        "order": "weather",
        "keeps": True,
    }
