"""The names of metrics and attributes, once; dashboards and alerts read the same words."""

RPC_DURATION = "cbss_rpc_duration_seconds"
"""How long the server took per call, a histogram by service, rpc and code; its count is calls."""

RPC_IN_FLIGHT = "cbss_rpc_in_flight"
"""Unary calls that are being answered now: what says that replicas are few."""

RPC_STREAMS = "cbss_rpc_streams_open"
"""Streams that are open now; they wait, so they say nothing of how busy a process is."""

SERVICE = "service"
RPC = "rpc"
CODE = "code"

DURATION_BUCKETS = (
    0.001,
    0.002,
    0.004,
    0.008,
    0.016,
    0.032,
    0.064,
    0.125,
    0.25,
    0.5,
    1.0,
    2.0,
    5.0,
)
"""Upper bounds in seconds; the country answers within one and two seconds (KSZ 2015)."""
