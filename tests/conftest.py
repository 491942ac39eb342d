"""Fixtures that several parts share. Needing one sets the marker that says how dear it is."""

from collections.abc import Iterator

import hypothesis
import pytest

import services
from tests.support import postgres as servers
from tests.support.certificates import Authority

assert services.REFUSES_TLS_1_2, "imported before anything that imports gRPC"

# `pytest --hypothesis-profile=long tests/services/concepts`: a million cases of every property.
hypothesis.settings.register_profile("long", max_examples=1_000_000, deadline=None)

_DEAR = ("postgres", "redis", "mesh")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the dear fixtures that it uses."""
    for item in items:
        for name in _DEAR:
            if name in getattr(item, "fixturenames", ()):
                item.add_marker(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """A PostgreSQL server; `await postgres.database("directory")` gives a fresh database."""
    with servers.running() as server:
        yield server


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The authority of the mesh."""
    return Authority()
