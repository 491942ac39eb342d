"""One shape: every service has the same rooms, and no file outgrows its reader (law 6)."""

import pytest

from services import mesh
from tests.architecture.project import OURS, ROOT, SERVICES, SLICED, name, sources

EVERYWHERE = (
    "__init__.py",
    "__main__.py",
    "settings.py",
    "model",
    "rules",
    "errors.py",
    "usecases",
    "wire",
    "servicer.py",
    "callers.py",
)
KEEPS = set(mesh.databases())
CALLS = {process.name for process in mesh.of_kind(mesh.Kind.SERVICE) if process.calls}
VAGUE = {"utils", "helpers", "common", "base", "core", "misc", "types"}


def exists(service, room):
    """A service that is sliced has its rooms in the slices."""
    folder = ROOT / "services" / service
    forms = (room, f"{room}.py")
    return any((folder / form).exists() for form in forms) or any(
        (folder / part / form).exists() for part in SLICED.get(service, ()) for form in forms
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_rooms_of_every_service(service):
    rooms = [*EVERYWHERE]
    rooms += ["store", "sql/migrations"] if service in KEEPS else []
    rooms += ["peers"] if service in CALLS else []

    missing = [room for room in rooms if not exists(service, room)]
    # What only a companion of the service keeps, it keeps in its own rooms.
    if any((ROOT / "services" / service).glob("*/store")):
        missing = [room for room in missing if room != "store"]
    assert missing == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_servicer_decides_and_catches_nothing(service):
    text = (ROOT / "services" / service / "servicer.py").read_text("utf-8")

    assert "    if " not in text
    assert "try:" not in text


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_what_it_owns_and_never_does(service):
    text = (ROOT / "services" / service / "__init__.py").read_text("utf-8")

    assert "Owns" in text
    assert "never" in text


def test_no_file_outgrows_its_reader():
    long = [
        f"{name(path)}: {lines} lines"
        for bound, folders in ((300, OURS), (400, ("tests",)))
        for path in sources(*folders)
        if (lines := len(path.read_text("utf-8").splitlines())) > bound
    ]

    assert long == []


def test_no_module_has_a_vague_name():
    assert [name(path) for path in sources(*OURS) if path.stem in VAGUE] == []


def test_the_top_level_is_what_the_layout_says():
    expected = {
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "README.md",
        "cli",
        "gateway",
        "protos",
        "pyproject.toml",
    }
    expected |= {"pages", "sandbox", "services", "tests", "k8s", "exchange.json"}

    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found <= expected
