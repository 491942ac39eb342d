"""A real Envoy with the configuration of the table, and what stands behind it."""

import http.client
import json
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from gateway import process
from gateway.admin import Admin
from gateway.edges import DESCRIPTORS
from gateway.envoy.bootstrap import Edge, bootstrap
from gateway.envoy.clusters import Upstream
from gateway.limits import Limits
from gateway.routes import ROUTES
from gateway.secrets import Secrets
from gateway.transcoding import Transcoding
from sandbox.ports import free_port
from services.kit.tls import Files
from tests.support.certificates import Authority, Issued
from tests.support.waiting import until


@dataclass
class RunningEdge:
    """An edge that is ready, and its clients' authorities."""

    edge: Edge
    institutions: Authority
    citizens: Authority
    folder: Path

    def channel(self, client: Issued, **options: Any) -> grpc.aio.Channel:
        """gRPC's own channel with a client's certificate."""
        credentials = grpc.ssl_channel_credentials(
            self.institutions.pem, client.key_pem, client.pem
        )
        named = [("grpc.ssl_target_name_override", "gateway"), *options.items()]
        return grpc.aio.secure_channel(self.edge.listen_address, credentials, options=named)

    def http(
        self,
        client: Issued,
        path: str,
        body: bytes | str | None = None,
        *,
        method: str = "POST",
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str, Any]:
        """Status, content type and body (read, if it is JSON) of one HTTP/1.1 request."""
        files = self.institutions.files(self.folder, client, "http-client")
        context = ssl.create_default_context(cadata=self.institutions.pem.decode())
        context.check_hostname = False
        context.load_cert_chain(files.certificate_file, files.private_key_file)
        host, _, port = self.edge.listen_address.rpartition(":")
        connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=20)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            kind, text = answer.getheader("content-type", ""), answer.read()
            return answer.status, kind, json.loads(text) if text and "json" in kind else text
        finally:
            connection.close()


@asynccontextmanager
async def edge_before(
    folder: Path,
    authority: Authority,
    upstreams: Sequence[Upstream],
    limits: Limits | None = None,
    transcoding: Transcoding | None = None,
) -> AsyncIterator[RunningEdge]:
    """An edge before some services; all other services of the table are away. What it watches was
    written before, if it watches anything."""
    institutions, citizens = Authority("test institutions"), Authority("test citizens")
    revoked = folder / "revoked.crl"
    revoked.write_bytes(institutions.revocation_list() + citizens.revocation_list())
    server = institutions.files(folder, institutions.workload("gateway"), "server")
    mesh = authority.files(folder, authority.workload("gateway"), "mesh-gateway")
    clients = folder / "clients.ca.pem"
    clients.write_bytes(institutions.pem + citizens.pem)
    Secrets(
        folder / "secrets",
        Files(server.certificate_file, server.private_key_file, clients),
        Files(mesh.certificate_file, mesh.private_key_file, mesh.authority_file),
        revoked,
    ).refresh()
    if transcoding is None:
        transcoding = Transcoding(folder / "transcoding", DESCRIPTORS, ROUTES)
        transcoding.write([])
    there = {upstream.name for upstream in upstreams}
    away = [
        Upstream(name, f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}")
        for name in sorted({route.upstream for route in ROUTES} - there)
    ]
    edge = Edge(
        f"127.0.0.1:{free_port()}",
        f"127.0.0.1:{free_port()}",
        ROUTES,
        [*upstreams, *away],
        limits or Limits(),
        folder / "secrets",
        folder / "refusals.jsonl",
        DESCRIPTORS,
        watched=transcoding.watched,
    )
    process.write(bootstrap(edge), folder / "envoy.json")
    async with AsyncExitStack() as opened:
        await opened.enter_async_context(
            process.running(
                process.wheel_binary(), folder / "envoy.json", workers=1, log_level="error"
            )
        )
        await until(Admin(edge.admin_address).ready)
        yield RunningEdge(edge, institutions, citizens, folder)
