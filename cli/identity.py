"""With what a client calls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import grpc.aio


@dataclass(frozen=True)
class Identity:
    """With what a client calls: its certificate, whom it calls, and whom it expects there."""

    cbe_number: str
    certificate: Path
    private_key: Path
    authority: Path
    address: str
    server_name: str

    @asynccontextmanager
    async def channel(self) -> AsyncIterator[grpc.aio.Channel]:
        """A channel to the address over mutual TLS."""
        credentials = grpc.ssl_channel_credentials(
            self.authority.read_bytes(),
            self.private_key.read_bytes(),
            self.certificate.read_bytes(),
        )
        options = [("grpc.ssl_target_name_override", self.server_name)]
        async with grpc.aio.secure_channel(self.address, credentials, options=options) as channel:
            yield channel
