"""Around every answer: what a browser may do with it, what is kept of it, and how many at once."""

from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from prometheus_client import Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit import logs

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
KEPT_NOWHERE = "no-store"
_BUSY = b"busy"
ANSWERS = Counter("cbss_portal_answers", "Answers by their status.", ["status"])
log = structlog.get_logger()


class Guards:
    """Dresses every answer of an application, and bounds how many are made at once."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._now = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        begun = False

        async def dressed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _dress(message)
                ANSWERS.labels(str(message["status"])).inc()
            await send(message)

        if self._now >= self._most:
            await _plain(dressed, 503, _BUSY, [(b"retry-after", b"2")])
            return
        self._now += 1
        try:
            await self._app(scope, receive, dressed)
        except Exception as fault:
            # Never the address or what was sent: both may hold what is somebody's own.
            log.error("page failed", **logs.describe_fault(fault))
            if not begun:
                await _plain(dressed, 500, b"failed", [])
        finally:
            self._now -= 1


def _dress(message: MutableMapping[str, Any]) -> None:
    given = {name.lower() for name, _ in message["headers"]}
    more = dict(HEADERS)
    if b"cache-control" not in given:
        more["cache-control"] = KEPT_NOWHERE
    message["headers"] = [
        *message["headers"],
        *((name.encode(), value.encode()) for name, value in more.items()),
    ]


async def _plain(
    send: Callable[[Message], Any], status: int, body: bytes, more: list[tuple[bytes, bytes]]
) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
