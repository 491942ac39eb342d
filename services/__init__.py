"""The services of the mesh; README.md beside this file shows the anatomy they share."""

import os
import sys

# The mesh speaks TLS 1.3 only. grpcio cannot be told a lowest version, but its cipher setting
# counts for TLS 1.2 alone: with nothing there but a suite that needs a shared key, which nobody
# has, every 1.2 handshake fails. gRPC reads this once, when it is imported, hence here and not in
# the kit; `services.kit.server` refuses to serve if it came too late.
_NO_TLS_1_2 = "ECDHE-PSK-AES128-CBC-SHA"
REFUSES_TLS_1_2 = "grpc" not in sys.modules or (
    os.environ.get("GRPC_SSL_CIPHER_SUITES") == _NO_TLS_1_2
)
os.environ["GRPC_SSL_CIPHER_SUITES"] = _NO_TLS_1_2

POLLS_IN_PLACE = ",".join(
    (
        "-event_engine_listener",
        "-event_engine_client",
        "-event_engine_callback_cq",
        "-event_engine_for_all_other_endpoints",
    )
)
"""gRPC's event engine, left out: it hands each piece of a call from thread to thread, which costs a
process with one loop a third of its calls and half of its switches. Of grpcio 1.85: a version that
does not know these names any more says so, a test asks it, and README.md of tests/bench says how it
is measured again. What the environment says stands."""
os.environ.setdefault("GRPC_EXPERIMENTS", POLLS_IN_PLACE)
