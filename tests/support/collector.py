"""A collector of traces: takes spans as any does, in the protocol of OpenTelemetry (OTLP)."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import grpc.aio
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as pb
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as rpc


@dataclass(frozen=True)
class Span:
    """What a process said of something it did."""

    service: str
    name: str
    trace: bytes
    span: bytes
    parent: bytes
    text: str
    """All of it, for whoever looks for what may not be in it."""


@dataclass
class Collector(rpc.TraceServiceServicer):
    """Keeps all spans that it is sent."""

    address: str = ""
    requests: list[pb.ExportTraceServiceRequest] = field(default_factory=list)

    async def Export(self, request, context):
        self.requests.append(request)
        return pb.ExportTraceServiceResponse()

    def spans(self) -> Iterator[Span]:
        """All of them."""
        for request in self.requests:
            for resource in request.resource_spans:
                (service,) = (
                    one.value.string_value
                    for one in resource.resource.attributes
                    if one.key == "service.name"
                )
                for scope in resource.scope_spans:
                    for one in scope.spans:
                        ids = one.trace_id, one.span_id, one.parent_span_id
                        yield Span(service, one.name, *ids, f"{resource.resource}{one}")


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """A collector that listens, with its address."""
    server, collector = grpc.aio.server(), Collector()
    rpc.add_TraceServiceServicer_to_server(collector, server)
    collector.address = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    try:
        yield collector
    finally:
        await server.stop(None)
