"""A PostgreSQL server of our own: made once, then run as a child in the foreground."""

import asyncio
import secrets
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from sandbox.servers import wheels
from sandbox.servers.privileges import Privileges

SUPERUSER = "postgres"
PATIENCE = 30.0
"""Seconds that a starting server may take."""


class ServerRefused(Exception):
    """A server cannot run here; the message is what it said itself."""


@dataclass(frozen=True)
class PostgresServer:
    """A server in a folder."""

    folder: Path
    """Belongs to the user that the server runs as."""
    port: int
    password: str
    privileges: Privileges
    options: Sequence[str] = ()
    """More settings, each `name=value`."""

    @classmethod
    def made(
        cls, wanted: Path, port: int, secret: Path, privileges: Privileges, *options: str
    ) -> "PostgresServer":
        """A server in a folder; initialized, with a password of its own, if it is new."""
        folder = privileges.folder(wanted)
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_urlsafe(24))
        server = cls(folder, port, secret.read_text(), privileges, options)
        if not (folder / "data" / "PG_VERSION").exists():
            server._initialize()
        return server

    @property
    def command(self) -> list[str]:
        """The program that serves, in the foreground."""
        settings = [
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            "max_connections=120",
            "shared_buffers=128MB",
            "logging_collector=off",
            # What a statement fails on may be about a person (a key that is there already, a value
            # that does not parse): the services log such failures, without their text.
            "log_min_messages=log",
            "log_error_verbosity=terse",
            # After a crash the whole data directory is synced before anything is recovered: by the
            # file system at once where it can, and not one file after another.
            *(["recovery_init_sync_method=syncfs"] if sys.platform == "linux" else []),
            *self.options,
        ]
        named = [part for setting in settings for part in ("-c", setting)]
        return self.privileges.command(
            self.program("postgres"), "-D", str(self.data), "-p", str(self.port), *named
        )

    def dsn(
        self, role: str = SUPERUSER, password: str | None = None, database: str = "postgres"
    ) -> str:
        """Where a database is and as whom to enter it; a secret."""
        return f"postgresql://{role}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    async def ready(self) -> None:
        """Wait until the server answers; TimeoutError if it takes too long."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    connection = await asyncpg.connect(self.dsn(), timeout=2)
                except (OSError, asyncpg.CannotConnectNowError, TimeoutError):
                    await asyncio.sleep(0.05)
                else:
                    await connection.close()
                    return

    async def vacant(self) -> None:
        """Wait until no process of a server that was killed is left in the folder.

        They go by themselves once they miss their parent; until then a new server refuses to start.
        """
        async with asyncio.timeout(PATIENCE):
            while True:
                if not await asyncio.to_thread(_anybody_in, self.data.resolve()):
                    return
                await asyncio.sleep(0.05)

    @property
    def data(self) -> Path:
        """What the server keeps."""
        return self.folder / "data"

    def program(self, name: str) -> Path:
        """A program that came with the server, where its user can reach it."""
        return self.privileges.program(wheels.postgres()) / "bin" / name

    def _initialize(self) -> None:
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(self.password)
        self.privileges.give(password)
        try:
            made = subprocess.run(  # noqa: S603
                self.privileges.command(
                    *(self.program("initdb"), "-D", str(self.data), "-U", SUPERUSER),
                    *("-A", "scram-sha-256", "--pwfile", str(password), "-E", "UTF8"),
                    *("--locale-provider=builtin", "--locale=C.UTF-8"),
                ),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            password.unlink()
        if made.returncode != 0:
            raise ServerRefused(f"PostgreSQL cannot be set up here: {made.stderr.strip()[-500:]}")


def _anybody_in(folder: Path) -> bool:
    """Whether a process works in the folder."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cwd() == str(folder):
                return True
    return False
