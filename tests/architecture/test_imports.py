"""Services meet on the wire only; every room imports what its job allows (design, 3.1)."""

import pytest

from tests.architecture.project import ROOT, SERVICES, imports, name, sources

# What a room of a service may import of the project: prefixes below `services`.
ADMITTING = {"admission.errors", "admission.model", "admission.rules"}
ROOMS = {
    "model": {"concepts", "admission.model", "model"},
    "rules": {"concepts", *ADMITTING, "model", "rules", "errors"},
    "errors": {"concepts", "errors"},
    "usecases": {"concepts", *ADMITTING, "admission.usecases"}
    | {"model", "rules", "errors", "usecases"},
    "store": {"concepts", "admission.model", "model", "errors", "kit", "store"},
    "settings": {"concepts", "kit", "settings"},
    "callers": set(),
}
# What decides must not know how things travel or rest.
DECIDING = ("model", "rules", "errors", "usecases")
SPOKEN_BY_ALL = (
    "cbss.common.v1.",
    "cbss.access.v1.access_service_pb2",
    "cbss.identification.v1.identification_service_pb2",
)
TRAVELLING = ("grpc", "asyncpg", "redis", "cbss", "opentelemetry")


def breaches(folder, allowed):
    """Imports of the project outside what is allowed, as lines to read."""
    return [
        f"{name(path)} imports {module}"
        for path in sources(folder)
        for module in imports(path)
        if module.split(".")[0] in ("services", "gateway", "sandbox", "tests")
        if not any(module == prefix or module.startswith(f"{prefix}.") for prefix in allowed)
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_no_other_service(service):
    shared = ["services.concepts", "services.kit", "services.wire", "services.admission"]

    assert breaches(f"services/{service}", [*shared, f"services.{service}"]) == []


def test_admission_knows_no_service():
    shared = ["services.concepts", "services.kit", "services.wire", "services.admission"]

    assert breaches("services/admission", shared) == []


def test_the_shared_wire_knows_what_all_services_speak_only():
    messages = [
        f"{name(path)} imports {module}"
        for path in sources("services/wire")
        for module in imports(path)
        if module.startswith("cbss.")
        if not module.startswith(SPOKEN_BY_ALL)
    ]

    assert breaches("services/wire", ["services.concepts", "services.kit", "services.wire"]) == []
    assert messages == []


def test_the_kit_knows_nothing_of_social_security():
    allowed = ["services.kit", "services.concepts.failures", "services.REFUSES_TLS_1_2"]

    assert breaches("services/kit", allowed) == []


def test_the_concepts_are_pure():
    outside = [
        f"{name(path)} imports {module}"
        for path in sources("services/concepts")
        for module in imports(path)
        if module.split(".")[0] in (*TRAVELLING, "asyncio", "google")
    ]

    assert breaches("services/concepts", ["services.concepts"]) == []
    assert outside == []


def test_the_gateway_imports_kit_and_concepts_only():
    allowed = ["gateway", "services.kit", "services.concepts", "services.REFUSES_TLS_1_2"]

    assert breaches("gateway", allowed) == []


def test_nothing_that_serves_imports_the_sandbox():
    found = [
        f"{name(path)} imports {module}"
        for path in sources("services", "gateway")
        for module in imports(path)
        if module.split(".")[0] in ("sandbox", "tests")
    ]

    assert found == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_what_its_job_allows(service, room):
    home = f"services.{service}"
    allowed = [
        f"services.{part}"
        if part.split(".")[0] in ("concepts", "kit", "admission")
        else f"{home}.{part}"
        for part in ROOMS[room]
    ]
    files = sources(f"services/{service}/{room}") or [
        path for path in sources(f"services/{service}") if path.name == f"{room}.py"
    ]

    found = [
        f"{name(path)} imports {module}"
        for path in files
        for module in imports(path)
        if module.startswith("services.")
        if not any(module == prefix or module.startswith(f"{prefix}.") for prefix in allowed)
    ]
    assert found == []


@pytest.mark.parametrize("service", SERVICES)
def test_what_decides_knows_nothing_of_the_wire(service):
    found = [
        f"{name(path)} imports {module}"
        for path in sources(f"services/{service}")
        if path.stem in DECIDING or path.parent.name in DECIDING
        for module in imports(path)
        if module.split(".")[0] in TRAVELLING
    ]

    assert found == []


def test_sessions_with_postgresql_begin_in_the_kit_only():
    begun = {
        name(path)
        for path in sources("services", "gateway")
        if any(
            what in path.read_text("utf-8") for what in ("asyncpg.connect(", "asyncpg.create_pool(")
        )
    }

    # There they notice when their server does not lead any more.
    assert begun == {"services/kit/postgres.py", "services/kit/sessions.py"}


JOBS = {"load", "bulk"}
"""Rooms whose code fills a database as its owner, from reviewed files."""


def reached(start):
    """Every file of the project that a process imports, directly or not."""
    read, unread = set(), [start]
    while unread:
        path = unread.pop()
        if path in read:
            continue
        read.add(path)
        for module in imports(path):
            if module.split(".")[0] in ("services", "gateway", "sandbox"):
                parts = module.split(".")
                for end in range(1, len(parts) + 1):
                    at = ROOT.joinpath(*parts[:end])
                    unread += [
                        one for one in (at.with_suffix(".py"), at / "__init__.py") if one.exists()
                    ]
    return read


def jobs_in(files):
    """Those of the files that are part of a job of some service."""
    return sorted(
        name(path)
        for path in files
        for parts in [path.relative_to(ROOT).parts]
        if parts[0] == "services" and JOBS & set(parts[2:-1])
    )


@pytest.mark.parametrize("service", [*SERVICES, "witness"])
def test_the_load_job_never_runs_in_the_service(service):
    assert jobs_in(reached(ROOT / "services" / service / "__main__.py")) == []


def test_that_a_process_runs_a_job_would_be_seen():
    found = jobs_in(reached(ROOT / "services/access/load/__main__.py"))

    assert {"services/access/load/files.py", "services/access/load/organizations.py"} <= set(found)
