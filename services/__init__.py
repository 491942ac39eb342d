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
