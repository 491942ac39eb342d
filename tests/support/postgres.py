"""A PostgreSQL server for the tests, and a fresh database in it for each that asks."""

import itertools
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import asyncpg

from sandbox.ports import free_port
from sandbox.servers.postgres import PostgresServer
from sandbox.servers.privileges import Privileges
from services.kit.migrate import migrate
from tests.support.children import serving
from tests.support.scratch import scratch

_PASSWORD = "of-the-tests"


@dataclass(frozen=True)
class Database:
    """One database of a service, as its owner and as the service itself."""

    name: str
    owner_dsn: str
    dsn: str


class Postgres:
    """The running server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._numbers = itertools.count(1)
        self._migrated: dict[str, str] = {}

    def dsn(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{_PASSWORD}@127.0.0.1:{self.port}/{database}"

    async def database(self, service: str) -> Database:
        """A new, empty database that `<service>_owner` owns and `<service>` may enter."""
        return await self._copy(service, "template1")

    async def migrated(self, service: str) -> Database:
        """A new database with the schema of the service, and no rows but those of its migrations.

        It is a copy: the schema is made once for all that ask.
        """
        if service not in self._migrated:
            first = await self.database(service)
            await migrate(first.owner_dsn, f"services.{service}")
            self._migrated[service] = first.name
        return await self._copy(service, self._migrated[service])

    async def _copy(self, service: str, template: str) -> Database:
        name, owner = f"{service}_{next(self._numbers)}", f"{service}_owner"
        connection = await asyncpg.connect(self.dsn("postgres", "postgres"))
        try:
            for role in (owner, service):
                if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
                    await connection.execute(f"create role {role} login password '{_PASSWORD}'")
            await connection.execute(f"create database {name} owner {owner} template {template}")
            await connection.execute(f"revoke all on database {name} from public")
            await connection.execute(f"grant connect on database {name} to {service}")
        finally:
            await connection.close()
        return Database(name, self.dsn(owner, name), self.dsn(service, name))


@contextmanager
def running() -> Iterator[Postgres]:
    """A server in a temporary folder; as root it runs as an unprivileged user."""
    with scratch("tests") as folder:
        secret = folder / "secret"
        secret.write_text(_PASSWORD)
        privileges = Privileges.of_this_process()
        server = PostgresServer.made(folder / "pg", free_port(), secret, privileges, "fsync=off")
        with serving(server, signal.SIGQUIT):
            yield Postgres(server.port)
