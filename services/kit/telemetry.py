"""Traces and metrics of a process. Whether a call is sampled is decided before any span is made;
a call that is not sampled costs a comparison."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, TraceFlags

from services.kit.trace import TRACE, Trace

_SCOPE = "cbss"


class Telemetry:
    """The exporters of a process; `close` sends what is left."""

    def __init__(self, service: str, spans: SpanProcessor | None) -> None:
        resource = Resource.create({"service.namespace": "cbss", "service.name": service})
        self._meters = MeterProvider([PrometheusMetricReader()], resource=resource)
        metrics.set_meter_provider(self._meters)
        self._traces: TracerProvider | None = None
        if spans is not None:
            self._traces = TracerProvider(sampler=ALWAYS_ON, resource=resource)
            self._traces.add_span_processor(spans)
            trace.set_tracer_provider(self._traces)

    @classmethod
    def of(cls, service: str, otlp_endpoint: str | None) -> "Telemetry":
        """Metrics for Prometheus; spans in batches to the endpoint, if there is one."""
        spans = None
        if otlp_endpoint is not None:
            insecure = not otlp_endpoint.startswith("https://")
            spans = BatchSpanProcessor(OTLPSpanExporter(otlp_endpoint, insecure=insecure))
        return cls(service, spans)

    def close(self) -> None:
        """Send what is left and stop; blocks for at most a few seconds."""
        if self._traces is not None:
            self._traces.shutdown()
        self._meters.shutdown()


def meter() -> metrics.Meter:
    """Where a service makes its instruments; names `cbss.<service>.<noun>.<measure>`."""
    return metrics.get_meter(_SCOPE)


@contextmanager
def span(
    name: str,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Mapping[str, str | int] | None = None,
) -> Iterator[None]:
    """A span around what is inside, if the call at hand is sampled; never with personal data."""
    here = TRACE.get()
    if here is None or not here.sampled:
        yield
        return
    parent = SpanContext(
        int(here.trace_id, 16), int(here.span_id, 16), is_remote=True, trace_flags=TraceFlags(1)
    )
    made = trace.get_tracer(_SCOPE).start_span(
        name,
        trace.set_span_in_context(NonRecordingSpan(parent)),
        kind=kind,
        attributes=dict(attributes or {}),
        record_exception=False,
    )
    inner = made.get_span_context()
    token = TRACE.set(Trace(here.trace_id, f"{inner.span_id:016x}", sampled=True))
    try:
        yield
    except BaseException as fault:
        # The type only: an exception's text may hold what must not leave the database.
        made.set_status(trace.StatusCode.ERROR, type(fault).__name__)
        raise
    finally:
        TRACE.reset(token)
        made.end()
