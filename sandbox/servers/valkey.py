"""A Valkey server of our own, which holds only what may be lost."""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sandbox.servers import wheels
from sandbox.servers.privileges import Privileges

PATIENCE = 10.0
"""Seconds that a starting server may take."""


@dataclass(frozen=True)
class ValkeyServer:
    """A server in a folder."""

    folder: Path
    port: int
    password: str
    privileges: Privileges

    @classmethod
    def made(cls, wanted: Path, port: int, secret: Path, privileges: Privileges) -> "ValkeyServer":
        """A server with a password of its own, written where only the server reads it."""
        folder = privileges.folder(wanted)
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_urlsafe(24))
        server = cls(folder, port, secret.read_text(), privileges)
        server._configure()
        return server

    @property
    def url(self) -> str:
        """Where the server is, with its password; a secret."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def command(self) -> list[str]:
        """The program that serves, in the foreground."""
        program = self.privileges.program(wheels.valkey())
        return self.privileges.command(program, str(self._configuration))

    async def ready(self) -> None:
        """Wait until the server answers; TimeoutError if it takes too long."""
        async with asyncio.timeout(PATIENCE), Redis.from_url(self.url) as client:
            while True:
                try:
                    await client.ping()
                except (RedisError, OSError):
                    await asyncio.sleep(0.05)
                else:
                    return

    @property
    def _configuration(self) -> Path:
        return self.folder / "valkey.conf"

    def _configure(self) -> None:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"dir {self.folder}",
            f"requirepass {self.password}",
            'save ""',
            "appendonly no",
            "maxmemory 64mb",
            "maxmemory-policy allkeys-lru",
        ]
        self._configuration.touch(mode=0o600)
        self._configuration.write_text("\n".join([*lines, ""]))
        self.privileges.give(self._configuration)
