"""The application over mutual TLS: only the gateway passes on what browsers ask."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config
from starlette.types import ASGIApp

from services.kit.tls import HasFiles

LOOK = 5.0
"""Seconds between two looks at whether the certificate was replaced."""
LARGEST_HEAD = 32 * 1024


def server_context(files: HasFiles) -> ssl.SSLContext:
    """TLS 1.3, and a client with a certificate of the mesh."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(files.authority_file)
    context.load_cert_chain(files.certificate_file, files.private_key_file)
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


async def renew_always(context: ssl.SSLContext, files: HasFiles) -> None:
    """Show a certificate that was replaced to whoever connects from then on."""
    seen = _versions(files)
    while True:
        await asyncio.sleep(LOOK)
        if (now := _versions(files)) != seen:
            context.load_verify_locations(files.authority_file)
            context.load_cert_chain(files.certificate_file, files.private_key_file)
            seen = now


@asynccontextmanager
async def listening(
    app: ASGIApp, address: str, context: ssl.SSLContext, drain: timedelta
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Answer on the address until the end of the block; what ends it in good order."""
    stopping = asyncio.Event()
    config = Config()
    config.bind = [address]
    config.graceful_timeout = drain.total_seconds()
    config.keep_alive_timeout = 75
    config.h11_max_incomplete_size = LARGEST_HEAD
    config.include_server_header = False
    config.loglevel = "WARNING"
    config.errorlog = None
    config.accesslog = None
    # Hypercorn asks whether there are files, and makes a context of its own; ours is renewed.
    config.certfile = config.keyfile = "-"
    cast("Any", config).create_ssl_context = lambda: context
    running = asyncio.create_task(
        serve(cast("Any", app), config, shutdown_trigger=stopping.wait, mode="asgi")
    )

    async def stop() -> None:
        stopping.set()
        await asyncio.wait([running])

    try:
        yield stop
    finally:
        await stop()


def _versions(files: HasFiles) -> tuple[tuple[int, int], ...]:
    def version(path: Path) -> tuple[int, int]:
        stat = path.stat()
        return stat.st_mtime_ns, stat.st_ino

    return tuple(
        map(version, (files.certificate_file, files.private_key_file, files.authority_file))
    )
