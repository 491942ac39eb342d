"""Servers of others that tests start as children and end again."""

import asyncio
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sandbox.servers.postgres import PostgresServer
from sandbox.servers.valkey import ValkeyServer


@contextmanager
def serving(server: PostgresServer | ValkeyServer, farewell: signal.Signals) -> Iterator[None]:
    """Let a server serve; at the end this signal ends it at once."""
    child = subprocess.Popen(
        server.command,
        cwd=server.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        # Fixtures may be asked for inside a running loop, and this needs one of its own.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(server.ready())).result()
        yield
    finally:
        child.send_signal(farewell)
        child.wait(30)
