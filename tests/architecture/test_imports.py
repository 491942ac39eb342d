"""Services meet on the wire only; every room imports what its job allows (law 6)."""

import ast

import pytest

from tests.architecture import project
from tests.architecture.project import ROOT, SERVICES, SLICED, imports, name, sources

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
    "cbss.registry.v1.",
)
TRAVELLING = ("grpc", "asyncpg", "redis", "cbss", "opentelemetry")


def breaches(folder, allowed):
    """Imports of the project outside what is allowed, as lines to read."""
    return [
        f"{name(path)} imports {module}"
        for path in sources(folder)
        for module in imports(path)
        if module.split(".")[0] in ("services", "gateway", "cli", "pages", "sandbox", "tests")
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
    allowed = [
        "services.kit",
        # How things fail, and what is wrong in a file, are nobody's law.
        *("services.concepts.failures", "services.concepts.problems"),
        "services.REFUSES_TLS_1_2",
    ]

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
    allowed = ["gateway", "services.kit", "services.concepts", "services.mesh"]
    allowed += ["services.REFUSES_TLS_1_2"]

    assert breaches("gateway", allowed) == []


def test_the_pages_know_messages_and_concepts_and_no_service():
    allowed = ["pages", "services.concepts", "services.kit.clock"]

    assert breaches("pages", allowed) == []


def test_nothing_that_serves_imports_the_command_or_the_sandbox():
    found = [
        f"{name(path)} imports {module}"
        for path in sources("services", "gateway")
        for module in imports(path)
        if module.split(".")[0] in ("cli", "pages", "sandbox", "tests")
        # What people see in a browser is made of pages.
        if not (module.startswith("pages") and path.is_relative_to(ROOT / "services/portal"))
    ]

    assert found == []


def test_the_portal_is_a_client_like_any_other():
    allowed = ["pages", "services.portal", "services.kit", "services.concepts"]

    assert breaches("services/portal", allowed) == []


@pytest.mark.parametrize(
    ("room", "more"), [("cli", ("pages",)), ("sandbox", ("cli", "services.mesh"))]
)
def test_clients_know_nothing_of_the_inside_of_a_service(room, more):
    """The command calls contracts, the sandbox starts programs; both are told by the wire."""
    shared = ["services.concepts", "services.kit", "services.wire", "services.REFUSES_TLS_1_2"]
    shared.append("services.official")

    assert breaches(room, [room, *more, *shared]) == []


def test_official_forms_are_read_without_knowing_a_service():
    assert breaches("services/official", ["services.concepts", "services.official"]) == []


def test_that_a_client_knows_a_service_would_be_seen(tmp_path, monkeypatch):
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "one.py").write_text("from services.audit.trail import model\n")
    monkeypatch.setattr(project, "ROOT", tmp_path)

    assert breaches("cli", ["cli", "services.kit"]) == [
        "cli/one.py imports services.audit.trail.model"
    ]


def homes():
    """Where rooms are: in the services, or in their slices."""
    for service in SERVICES:
        if service not in SLICED:
            yield service, ()
        yield from ((f"{service}.{part}", SLICED[service][:2]) for part in SLICED.get(service, ()))


@pytest.mark.parametrize(("home", "known"), list(homes()))
@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_what_its_job_allows(home, known, room):
    service = home.partition(".")[0]
    shared = {
        part for part in ROOMS[room] if part.split(".")[0] in ("concepts", "kit", "admission")
    }
    own = ROOMS[room] - shared
    at = {f"{service}.{part}" for part in known} | {home}
    allowed = [
        f"services.{part}" for part in shared | {f"{one}.{part}" for one in at for part in own}
    ]
    if known:
        # How months are called and numbered, persons are hidden, and what all slices fail with.
        allowed += [f"services.{service}.errors", f"services.{service}.trail.month_names"]
        allowed += [f"services.{home}.ports"] if room == "usecases" else []
        # Records are decoded in the store, and nowhere else.
        allowed += [f"services.{service}.trail.form"] if room == "store" else []
    folder = f"services/{home.replace('.', '/')}"
    files = sources(f"{folder}/{room}") or [
        path for path in sources(folder) if path == ROOT / folder / f"{room}.py"
    ]

    found = [
        f"{name(path)} imports {module}"
        for path in files
        for module in imports(path)
        if module.startswith("services.")
        if not any(module == prefix or module.startswith(f"{prefix}.") for prefix in allowed)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("service", "part"), [(service, part) for service in SLICED for part in SLICED[service]]
)
def test_a_slice_knows_the_trail_and_the_log_and_no_other_slice(service, part):
    trail, log, *_ = SLICED[service]
    known = {part, trail} | (set() if part == trail else {log})
    allowed = [f"services.{service}.{one}" for one in known | {"errors"}]

    found = [
        line
        for line in breaches(f"services/{service}/{part}", allowed)
        if f"imports services.{service}." in line
    ]
    assert found == []


def packages(service):
    """Which packages of a service import which others of it, the service's own files apart."""
    home = ROOT / "services" / service
    inside: dict[str, set[str]] = {}
    for path in sources(f"services/{service}"):
        of = ".".join(path.parent.relative_to(home).parts)
        for module in imports(path):
            parts = module.split(".")
            if parts[:2] != ["services", service]:
                continue
            names = parts[2:]
            while names and not home.joinpath(*names).is_dir():
                names = names[:-1]
            if of and names and ".".join(names) != of:
                inside.setdefault(of, set()).add(".".join(names))
    return inside


def circles(graph):
    """Packages from which one comes back to them."""
    found = []
    for start in graph:
        seen, unread = set(), list(graph[start])
        while unread:
            one = unread.pop()
            if one not in seen:
                seen.add(one)
                unread += graph.get(one, ())
        if start in seen:
            found.append(start)
    return sorted(found)


@pytest.mark.parametrize("service", [*SERVICES, "portal", "witness"])
def test_no_package_inside_a_service_imports_one_that_imports_it(service):
    assert circles(packages(service)) == []


def test_that_packages_import_each_other_would_be_seen():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c"]


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

    assert {"services/access/load/files.py", "services/access/load/__main__.py"} <= set(found)


def test_reviewed_files_are_read_in_one_way():
    reading = {
        name(path)
        for path in sources("services", "gateway", "sandbox")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id == "yaml" and node.attr != "safe_dump"
    }

    assert reading == {"services/concepts/lines.py"}
