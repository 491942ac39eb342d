"""Access as a process of its own, on a database, over mutual TLS."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.ports import free_port
from sandbox.processes import healthy
from tests.support.certificates import Authority, Files


@dataclass(frozen=True)
class Replica:
    """A running process: where it listens, which process it is, and how routing calls it."""

    address: str
    pid: int
    routing: Files


@asynccontextmanager
async def replica(
    dsn: str, authority: Authority, folder: Path, **settings: str
) -> AsyncIterator[Replica]:
    """Access on that database during the block, ready from its beginning on."""
    own = authority.files(folder, authority.workload("access"), "access")
    routing = authority.files(folder, authority.workload("routing"), "routing")
    ports = {name: f"127.0.0.1:{free_port()}" for name in ("LISTEN", "HEALTH", "METRICS")}
    dsn_file = folder / "access.dsn"
    await asyncio.to_thread(dsn_file.write_text, dsn)
    environment = {
        **os.environ,
        **own.environment(),
        **{f"{name}_ADDRESS": address for name, address in ports.items()},
        "ENVIRONMENT": "test",
        "DATABASE_DSN_FILE": str(dsn_file),
        "AUDIT_ADDRESS": f"127.0.0.1:{free_port()}",
        "REGISTRY_ADDRESS": f"127.0.0.1:{free_port()}",
        "LOG_LEVEL": "warning",
        **settings,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.access", env=environment
    )
    try:
        async with asyncio.timeout(60):
            await healthy(ports["HEALTH"])
        yield Replica(ports["LISTEN"], process.pid, routing)
    finally:
        process.terminate()
        await process.wait()
