"""The copies of a PostgreSQL server that outlive it: a base copy, and all of its log since."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from sandbox.servers.postgres import PostgresServer, ServerRefused

NAME = "drill"
"""Under which who receives the log is known to the server."""
TRIES, BETWEEN = 100, 0.1
"""How often, and how many seconds apart, it is looked whether the log is received."""
PARTIAL = ".partial"
"""The end of the name of a piece of the log that was not full when its server ended."""


@dataclass(frozen=True)
class Copies:
    """Folders that belong to the user the server runs as, apart from its own."""

    server: PostgresServer
    folder: Path

    @staticmethod
    @asynccontextmanager
    async def kept(server: PostgresServer, wanted: Path) -> AsyncIterator["Copies"]:
        """A base copy made now, and the log received from here on, as on another machine: during
        the block nothing is committed to a caller before it is durable there too."""
        copies = Copies(server, server.privileges.folder(wanted))
        copies.received.mkdir(mode=0o700, exist_ok=True)
        server.privileges.give(copies.received)
        password = copies.folder / "password"
        password.touch(mode=0o600)
        password.write_text(f"127.0.0.1:{server.port}:*:*:{server.password}\n")
        server.privileges.give(password)
        await copies._run("pg_receivewal", "--create-slot", "--slot", NAME)
        receiver = await copies._begin(
            *("pg_receivewal", "--synchronous", "--slot", NAME, "-D", str(copies.received))
        )
        try:
            await copies._run("pg_basebackup", "-D", str(copies.base), "-c", "fast", "-X", "none")
            await copies._wait_for(receiver)
            yield copies
        finally:
            if receiver.returncode is None:
                receiver.terminate()
            await receiver.wait()

    @property
    def base(self) -> Path:
        """The base copy."""
        return self.folder / "base"

    @property
    def received(self) -> Path:
        """The log since."""
        return self.folder / "log"

    def size(self) -> int:
        """Bytes of the log that were received."""
        return sum(one.stat().st_size for one in self.received.iterdir())

    def put_back(self, until: datetime | None) -> None:
        """Make the server's folder from the copies, as it was last or at an instant; it recovers
        when it is started. What was there is gone."""
        data = self.server.data
        shutil.rmtree(data, ignore_errors=True)
        self.base.rename(data)
        for piece in self.received.glob(f"*{PARTIAL}"):
            piece.rename(piece.with_suffix(""))
        with (data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"restore_command = 'cp {self.received}/%f %p'\n")
            if until is not None:
                settings.write(f"recovery_target_time = '{until.isoformat()}'\n")
                settings.write("recovery_target_action = 'promote'\n")
        signal = data / "recovery.signal"
        signal.touch()
        self.server.privileges.give(signal)

    async def _wait_for(self, receiver: asyncio.subprocess.Process) -> None:
        """Commit nothing any more that is not received; ServerRefused if nobody receives."""
        connection = await asyncpg.connect(self.server.dsn())
        try:
            for _ in range(TRIES):
                if receiver.returncode is None and await connection.fetchval(
                    "select true from pg_stat_replication where application_name = $1", NAME
                ):
                    break
                await asyncio.sleep(BETWEEN)
            else:
                if receiver.returncode is None:
                    receiver.terminate()
                _, complaint = await receiver.communicate()
                raise ServerRefused(f"the log is not received: {complaint.decode().strip()[-500:]}")
            await connection.execute(f"alter system set synchronous_standby_names = '{NAME}'")
            await connection.execute("select pg_reload_conf()")
        finally:
            await connection.close()

    async def _run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL to its end; ServerRefused with what it says of a failure."""
        running = await self._begin(program, *arguments)
        _, complaint = await running.communicate()
        if running.returncode:
            raise ServerRefused(f"{program} failed: {complaint.decode().strip()[-500:]}")

    async def _begin(self, program: str, *arguments: str) -> asyncio.subprocess.Process:
        where = ("-h", "127.0.0.1", "-p", str(self.server.port), "-U", "postgres")
        return await asyncio.create_subprocess_exec(
            *self.server.privileges.command(self.server.program(program), *where, *arguments),
            cwd=self.folder,
            env={
                **{name: os.environ[name] for name in ("PATH",) if name in os.environ},
                "PGPASSFILE": str(self.folder / "password"),
                "PGAPPNAME": NAME,
            },
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
