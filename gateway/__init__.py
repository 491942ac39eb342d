"""The edge of the mesh: Envoy, and beside it the program that makes its configuration from one
table of routes, keeps its certificates and revocation lists fresh, and turns what it refuses into
audit records.

Owns nothing; never sees what passes through. No code of ours runs between a client and a service.
"""

# gRPC must learn to refuse TLS 1.2 before anything imports it.
from services import REFUSES_TLS_1_2 as REFUSES_TLS_1_2
