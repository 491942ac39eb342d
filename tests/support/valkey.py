"""A Valkey server for the tests."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.ports import free_port
from sandbox.servers.privileges import Privileges
from sandbox.servers.valkey import ValkeyServer
from tests.support.children import serving
from tests.support.scratch import scratch


@contextmanager
def running() -> Iterator[str]:
    """The address of a server in a temporary folder; as root it runs as an unprivileged user."""
    with scratch("tests") as folder:
        privileges = Privileges.of_this_process()
        server = ValkeyServer.made(folder / "valkey", free_port(), folder / "password", privileges)
        with serving(server, signal.SIGKILL):
            yield server.url
