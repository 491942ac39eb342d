"""Envoy's own administration, on loopback: is it ready, drain, open the logs anew."""

import asyncio
import re
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from gateway.routes import WATCHES

_UNDER_WAY = re.compile(r"^http\.edge\.downstream_rq_active: ([0-9]+)$", re.MULTILINE)
_STAYING = re.compile(rf"^cluster\..+-{WATCHES}\.upstream_rq_active: ([0-9]+)$", re.MULTILINE)
_ASKED = f"(edge.down|{WATCHES}.up)stream_rq_active$"
"""Which figures of Envoy's hold them."""
_POLL = 0.1
_LEAVE = timedelta(seconds=5)
"""How long a process that was left behind may take to end."""
_LOOK = 0.2
"""Seconds between two looks at Envoy."""


@dataclass(frozen=True)
class Admin:
    """Speaks to one Envoy. Whatever it asks of an Envoy that is away counts as not done."""

    address: str

    async def ready(self) -> bool:
        """Whether Envoy has all its secrets and listens."""
        return await self._asked("GET", "/ready")

    async def drained(self, *, settle: timedelta, most: timedelta) -> None:
        """Let the clients go, and wait for the calls that are under way, but not for ever."""
        # Connections that are already on their way were made to an edge that was healthy.
        await asyncio.sleep(settle.total_seconds())
        await self._asked("POST", "/drain_listeners?graceful&skip_exit")
        for _ in range(int(most.total_seconds() / _POLL)):
            if not await self.in_flight():
                break
            await asyncio.sleep(_POLL)
        # What was answered last may still be on its way out.
        await asyncio.sleep(_POLL)

    async def end_left_over(self) -> None:
        """End an Envoy that a killed process left behind: it would hold the ports."""
        await self._asked("POST", "/quitquitquit")
        for _ in range(int(_LEAVE.total_seconds() / _POLL)):
            if await self._text("GET", "/ready") is None and not await self._listens():
                return
            await asyncio.sleep(_POLL)

    async def reopen_logs(self) -> None:
        """Open the logs anew, after one was renamed."""
        await self._asked("POST", "/reopen_logs")

    async def in_flight(self) -> int:
        """How many calls are under way; not streams that stay open, which no waiting ends."""
        text = await self._text("GET", f"/stats?filter={quote(_ASKED)}") or ""
        under_way, staying = (
            sum(map(int, figures.findall(text))) for figures in (_UNDER_WAY, _STAYING)
        )
        return max(under_way - staying, 0)

    async def _listens(self) -> bool:
        host, _, port = self.address.rpartition(":")
        try:
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        except OSError:
            return False
        writer.close()
        return True

    async def _asked(self, method: str, path: str) -> bool:
        return await self._text(method, path) is not None

    async def _text(self, method: str, path: str) -> str | None:
        host, _, port = self.address.rpartition(":")
        try:
            async with asyncio.timeout(2):
                reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
                with closing(writer):
                    writer.write(
                        f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n"
                        "Content-Length: 0\r\nConnection: close\r\n\r\n".encode()
                    )
                    answer = (await reader.read()).decode(errors="replace")
        except (OSError, TimeoutError):
            return None
        head, _, body = answer.partition("\r\n\r\n")
        return body if " 200 " in head.partition("\r\n")[0] else None


class Readiness:
    """Whether Envoy is ready, as it was when it was last asked."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin
        self._ready = False

    def ready(self) -> bool:
        """Whether Envoy was ready a moment ago."""
        return self._ready

    async def keep(self) -> None:
        """Ask again and again, until cancelled."""
        while True:
            self._ready = await self._admin.ready()
            await asyncio.sleep(_LOOK)
