"""Sessions with PostgreSQL, of pools and on their own: with the server that leads, and no longer.

After a failover the old server may live on, read-only: it answers, and what it answers is old. No
session of ours stays there. A server says of itself whether it leads, unasked, with the answer to
any statement, so this costs none.
"""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import asyncpg
import structlog

log = structlog.get_logger()

COMMAND_TIMEOUT = 30.0
"""Seconds that any statement may take; the deadline of a call usually ends it earlier."""
CONNECT_TIMEOUT = 10.0
"""Seconds to begin a session in."""
UNANSWERED = timedelta(seconds=10)
"""How long what was sent to a server may stay without any sign of it; then it is gone."""

LOST: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    # A server that does not lead any more: another one does, at the same address.
    asyncpg.ReadOnlySQLTransactionError,
    # What the driver says of itself when the server ends a session while it is about to speak, and
    # when none that leads is at the address.
    asyncpg.InternalClientError,
    ConnectionError,
)
"""What asyncpg raises when the server is away, has left, or does not lead any more."""


def leads(connection: Any) -> bool:
    """Whether the server said of itself, with its last answer, that it takes changes."""
    told = connection.get_settings()
    return not any(
        getattr(told, setting, "off") == "on"
        for setting in ("in_hot_standby", "default_transaction_read_only")
    )


async def still_leads(connection: Any) -> bool:
    """The same, of a session that only listens: it hears nothing unless it asks."""
    await connection.execute("select 1")
    return leads(connection)


def arguments(name: str) -> dict[str, Any]:
    """How each session begins: with a server that leads, named in `pg_stat_activity`."""
    return {
        "timeout": CONNECT_TIMEOUT,
        "command_timeout": COMMAND_TIMEOUT,
        "target_session_attrs": "read-write",
        "server_settings": {"application_name": f"cbss-{name}", "timezone": "UTC"},
    }


@asynccontextmanager
async def session(
    dsn: str, *, name: str, command_timeout: float | None = None
) -> AsyncIterator[asyncpg.Connection]:
    """One session of its own during the block; what it holds is given up with it.

    What a job does in it may take as long as it takes, unless a timeout is given.
    """
    connection = await asyncpg.connect(
        dsn, **{**arguments(name), "command_timeout": command_timeout}
    )
    try:
        notice_silence(connection)
        yield connection
        await connection.close(timeout=CONNECT_TIMEOUT)
    finally:
        # After a fault nothing is said any more: the server sees that the line is gone.
        connection.terminate()


def notice_silence(connection: Any) -> None:
    """Let the system end the session when its server is gone without a word."""
    transport = getattr(connection, "_transport", None)
    line = transport.get_extra_info("socket") if transport is not None else None
    if line is None or line.family == socket.AF_UNIX:
        return
    seconds = int(UNANSWERED.total_seconds())
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # What a system does not know it does not do: then only the statement's own timeout ends it.
    for option, value in (
        ("TCP_KEEPIDLE", seconds // 2),
        ("TCP_KEEPINTVL", seconds // 4),
        ("TCP_KEEPCNT", 2),
        ("TCP_USER_TIMEOUT", 1000 * seconds),
    ):
        if hasattr(socket, option):
            with suppress(OSError):
                line.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
