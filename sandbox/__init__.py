"""A country on one machine: real servers, real certificates, every process of the mesh, simulated
institutions with mock personas. And the `cbss` command that runs it.
"""

# gRPC must learn to refuse TLS 1.2 before anything imports it.
from services import REFUSES_TLS_1_2 as REFUSES_TLS_1_2
