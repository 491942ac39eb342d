"""A service in the test's own process, over real mutual TLS."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import grpc

from services.kit.caller import Callers
from services.kit.channels import Channel, channel
from services.kit.health import Health
from services.kit.server import Service, build_server, listen_on
from services.kit.settings import ServiceSettings
from services.kit.tls import ClientTls
from tests.support.certificates import Authority, Files, Issued

ANY_PORT = "127.0.0.1:0"


def settings(files: Files, **others: Any) -> ServiceSettings:
    """Settings of a service that listens wherever there is room; one authority vouches for all
    kinds of callers unless others are named."""
    kinds = ("operators", "committee", "institutions", "citizens")
    vouching = {f"{kind}_authority_file": files.authority_file for kind in kinds}
    return ServiceSettings(
        environment="test",
        listen_address=ANY_PORT,
        health_address=ANY_PORT,
        metrics_address=ANY_PORT,
        certificate_file=files.certificate_file,
        private_key_file=files.private_key_file,
        authority_file=files.authority_file,
        **vouching | others,
    )


class Served:
    """The running service, and channels to it."""

    def __init__(self, port: int, name: str, authority: Authority, folder: Path) -> None:
        self.address = f"127.0.0.1:{port}"
        self.port = port
        self.name = name
        self._authority = authority
        self._folder = folder
        self._stack = AsyncExitStack()

    async def channel(self, workload: str) -> Channel:
        """A channel as a workload of the mesh, for generated stubs; failures are PeerFailed."""
        files = self._authority.files(
            self._folder, self._authority.workload(workload), f"client-{workload}"
        )
        return await self._stack.enter_async_context(
            channel(self.address, server_name=self.name, tls=ClientTls.of(files))
        )

    async def raw(self, client: Issued | None, authority: Authority | None = None) -> Any:
        """gRPC's own channel with any certificate; failures are AioRpcError with their details."""
        identity = (client.key_pem, client.pem) if client else (None, None)
        credentials = grpc.ssl_channel_credentials((authority or self._authority).pem, *identity)
        options = [("grpc.ssl_target_name_override", self.name)]
        opened = grpc.aio.secure_channel(self.address, credentials, options)
        self._stack.push_async_callback(opened.close)
        return opened

    async def close(self) -> None:
        """Close the channels."""
        await self._stack.aclose()


@asynccontextmanager
async def served(
    folder: Path,
    authority: Authority,
    services: Sequence[Service],
    callers: Callers,
    *,
    name: str = "directory",
    **others: Any,
) -> AsyncIterator[Served]:
    """Serve during the block, with the certificate of the workload `name`."""
    files = authority.files(folder, authority.workload(name), name)
    given = settings(files, **others)
    health = Health([one.descriptor.full_name for one in services], {})
    server, _ = build_server(given, services, callers, health)
    running = Served(listen_on(server, given), name, authority, folder)
    await server.start()
    try:
        yield running
    finally:
        await running.close()
        await server.stop(grace=None)


def vouching(folder: Path, **authorities: Sequence[Any]) -> dict[str, Path]:
    """The settings by which authorities vouch for kinds of callers: `institutions=[...]`."""
    named = {}
    for kind, several in authorities.items():
        path = named[f"{kind}_authority_file"] = folder / f"{kind}.ca.pem"
        path.write_bytes(b"".join(one.own.pem for one in several))
    return named
