"""One gRPC channel and whether anybody serves at its end.

It knows all the addresses of a name, calls those in turn that say of themselves that they serve,
and looks the name up again, after a second at the earliest, whenever one of them leaves.
"""

import asyncio
import json
import time
from typing import Any

import grpc

from services.kit.tls import Identity

AWAY = 2.0
"""Seconds for which nobody at the end of a line means that somebody is about to come, as when a
replica takes another's place; after that nobody is waited for."""

_MOMENT = 0.1
"""Seconds after which a connection that is gone is known to be."""
_IN_TURN: dict[str, Any] = {"loadBalancingConfig": [{"round_robin": {}}]}
_REPEATED: dict[str, Any] = {
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 3,
                "initialBackoff": "0.02s",
                "maxBackoff": "0.2s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ],
}
"""Within the mesh what surely did not happen, or may happen twice, is repeated, over all the
addresses of the peer in turn. An institution's server is not asked again over the connection on
which it failed."""
_WATCHED: dict[str, Any] = {"healthCheckConfig": {"serviceName": ""}}
"""Replicas are left when they say so, before their connections end."""


class Line:
    """A channel, opened with an identity."""

    def __init__(
        self, address: str, *, server_name: str, identity: Identity, watches_health: bool
    ) -> None:
        config = _IN_TURN | _REPEATED | _WATCHED if watches_health else _IN_TURN
        options = (
            ("grpc.ssl_target_name_override", server_name),
            ("grpc.service_config", json.dumps(config)),
            ("grpc.dns_min_time_between_resolutions_ms", 1_000),
            ("grpc.keepalive_time_ms", 30_000),
            ("grpc.keepalive_timeout_ms", 5_000),
            ("grpc.max_reconnect_backoff_ms", 1_000),
            ("grpc.initial_reconnect_backoff_ms", 50),
            ("grpc.min_reconnect_backoff_ms", 500),
            ("grpc.max_receive_message_length", 16 * 1024 * 1024),
        )
        credentials = grpc.ssl_channel_credentials(
            identity.authority, identity.private_key, identity.certificate
        )
        self.identity = identity
        self.channel = grpc.aio.secure_channel(address, credentials, options)
        self._is_served = asyncio.Event()
        self._left_at = time.monotonic()

    async def follow(self) -> None:
        """Follow whether anybody serves, until cancelled."""
        while True:
            state = self.channel.get_state(try_to_connect=True)
            if state is grpc.ChannelConnectivity.READY:
                self._is_served.set()
            elif self._is_served.is_set():
                self._is_served.clear()
                self._left_at = time.monotonic()
            await self.channel.wait_for_state_change(state)

    def is_served(self) -> bool:
        """Whether somebody serves at its end, or did a moment ago."""
        return self._is_served.is_set() or time.monotonic() - self._left_at < AWAY

    async def was_lost(self) -> bool:
        """Whether the connection is gone, which becomes known a moment after its calls failed."""
        ready = grpc.ChannelConnectivity.READY
        try:
            async with asyncio.timeout(_MOMENT):
                while self.channel.get_state() is ready:
                    await self.channel.wait_for_state_change(ready)
        except TimeoutError:
            return False
        return True

    async def wait_served(self, most: float) -> bool:
        """Whether somebody serves; waits that long at most, and not for who is long gone."""
        if self._is_served.is_set():
            return True
        left = min(most, self._left_at + AWAY - time.monotonic())
        if left <= 0:
            return False
        try:
            async with asyncio.timeout(left):
                await self._is_served.wait()
        except TimeoutError:
            return False
        return True
