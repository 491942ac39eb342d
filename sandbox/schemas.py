"""The schema of each database in one file: `make schemas` writes `services/<name>/sql/schema.sql`.

It is what the migrations give, read back from a PostgreSQL of our own, so that nobody has to add
them up. Nothing runs it; a test compares it.
"""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import asyncpg

from sandbox.ports import free_port
from sandbox.servers import wheels
from sandbox.servers.postgres import PostgresServer
from sandbox.servers.privileges import Privileges
from services.kit.files import replace_file
from services.kit.migrate import migrate
from services.kit.postgres import SCHEMA
from services.mesh import databases

SERVICES = Path(__file__).resolve().parents[1] / "services"
_NOISE = re.compile(
    r"--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*|(CREATE|COMMENT ON) SCHEMA .*"
)
"""Lines of a dump that say nothing of the schema, or another thing each time."""


def path_of(service: str) -> Path:
    """Where the schema of a service stands."""
    return SERVICES / service / "sql" / SCHEMA


async def schema_of(service: str, owner_dsn: str) -> str:
    """What the migrations of a service make of an empty database."""
    await migrate(owner_dsn, f"services.{service}")
    named = urlsplit(owner_dsn)
    dump = await asyncio.create_subprocess_exec(
        str(wheels.postgres() / "bin" / "pg_dump"),
        *("--schema-only", "--no-owner", "--schema=public", "--exclude-table=migration"),
        *("--host", str(named.hostname), "--port", str(named.port)),
        *("--username", str(named.username), named.path.removeprefix("/")),
        env={"PGPASSWORD": str(named.password)},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await dump.communicate()
    if dump.returncode:
        raise SystemExit(f"the schema of {service} cannot be read")
    lines = [line for line in said.decode().splitlines() if not _NOISE.fullmatch(line)]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).replace("public.", "").strip()
    head = f"-- What the migrations of {service} give: made by `make schemas`, never run.\n"
    return f"{head}\n{text}\n"


async def write(server: PostgresServer) -> None:
    """The schema of every service, on a server that starts meanwhile."""
    await server.ready()
    for service in databases():
        connection = await asyncpg.connect(server.dsn())
        for role in (f"{service}_owner", service):
            await connection.execute(f"create role {role} login password '{server.password}'")
        await connection.execute(f"create database {service} owner {service}_owner")
        await connection.close()
        dsn = server.dsn(f"{service}_owner", None, service)
        replace_file(path_of(service), (await schema_of(service, dsn)).encode())


async def main() -> None:
    """The command."""
    with scratch() as place:
        privileges = Privileges.of_this_process()
        server = PostgresServer.made(place / "pg", free_port(), place / "secret", privileges)
        child = await asyncio.create_subprocess_exec(
            *server.command, cwd=server.folder, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            await write(server)
        finally:
            child.terminate()
            await child.wait()


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder below which an unprivileged server has one of its own."""
    with TemporaryDirectory(prefix="cbss-schemas-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


if __name__ == "__main__":
    asyncio.run(main())
