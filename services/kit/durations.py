"""How long calls took, counted without the cost of a general instrument.

An OpenTelemetry histogram takes some 18 µs per value, a tenth of a whole call; two list cells take
less than one. The counts are read by Prometheus through the same registry as all other metrics.
"""

from bisect import bisect_left
from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from services.kit import names


class Durations:
    """The durations of one RPC, per code."""

    __slots__ = ("begun", "codes", "in_flight", "is_stream", "rpc")

    def __init__(self, rpc: str, *, is_stream: bool = False) -> None:
        self.rpc = rpc
        self.is_stream = is_stream
        self.in_flight = 0
        self.begun = 0
        self.codes: dict[str, list[float]] = {}

    def record(self, code: str, seconds: float) -> None:
        """Count one call."""
        cells = self.codes.get(code)
        if cells is None:
            # One cell per bucket, one for what is slower than all of them, and the sum.
            cells = self.codes[code] = [0.0] * (len(names.DURATION_BUCKETS) + 2)
        cells[bisect_left(names.DURATION_BUCKETS, seconds)] += 1
        cells[-1] += seconds


class DurationsCollector(Collector):
    """Shows the durations of all RPCs of a server to Prometheus."""

    def __init__(self, service: str, rpcs: list[Durations]) -> None:
        self._service = service
        self._rpcs = rpcs

    def collect(self) -> Iterable[Metric]:
        """The families as they stand."""
        durations = HistogramMetricFamily(
            names.RPC_DURATION,
            "How long the server took to answer.",
            labels=[names.SERVICE, names.RPC, names.CODE],
        )
        in_flight = GaugeMetricFamily(
            names.RPC_IN_FLIGHT,
            "Unary calls that are being answered.",
            labels=[names.SERVICE, names.RPC],
        )
        streams = GaugeMetricFamily(
            names.RPC_STREAMS,
            "Streams that are open.",
            labels=[names.SERVICE, names.RPC],
        )
        bounds = [*map(str, names.DURATION_BUCKETS), "+Inf"]
        for rpc in self._rpcs:
            waiting = streams if rpc.is_stream else in_flight
            waiting.add_metric([self._service, rpc.rpc], rpc.in_flight)
            for code, (*cells, total) in list(rpc.codes.items()):
                running = 0.0
                buckets: list[tuple[str, float]] = []
                for bound, cell in zip(bounds, cells, strict=True):
                    running += cell
                    buckets.append((bound, running))
                durations.add_metric([self._service, rpc.rpc, code], buckets, sum_value=total)
        return [durations, in_flight, streams]
