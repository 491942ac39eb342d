"""Fixtures that several parts share. Needing one sets the marker that says how dear it is."""

from collections.abc import Iterator

import hypothesis
import pytest

import services
from tests.support import postgres as servers
from tests.support import valkey
from tests.support.certificates import Authority

assert services.REFUSES_TLS_1_2, "imported before anything that imports gRPC"

# How long an example takes says how much else the machine had to do.
hypothesis.settings.register_profile(
    "default", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("default")
# `pytest --hypothesis-profile=long tests/services/concepts`: a million cases of every property.
hypothesis.settings.register_profile(
    "long", hypothesis.settings.get_profile("default"), max_examples=1_000_000
)

_DEAR = ("postgres", "redis", "mesh")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the dear fixtures that it uses; of one suite on a fake and on the real
    thing, what runs on the real thing, for its parameter has the fixture's name."""
    for item in items:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        for name in _DEAR:
            if name in getattr(item, "fixturenames", ()) or name in parameters:
                item.add_marker(name)


def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> None:
    """Refuse to start what is dear for a test that does not say that it is."""
    item: pytest.Item = request._pyfuncitem
    if fixturedef.argname in _DEAR and item.get_closest_marker(fixturedef.argname) is None:
        raise AssertionError(f"{item.nodeid} is not marked {fixturedef.argname}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """A PostgreSQL server; `await postgres.database("directory")` gives a fresh database."""
    with servers.running() as server:
        yield server


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    """The address of a Valkey server; tests keep out of each other's way by their keys."""
    with valkey.running() as address:
        yield address


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The authority of the mesh."""
    return Authority()
