"""How large a call may be: the same numbers at the edge, in every service and for who calls."""

MESSAGE = 1024 * 1024
"""Bytes of a request message."""
CERTIFICATE = 16 * 1024
"""Bytes of a client's certificate as the gateway forwards it."""
METADATA = 48 * 1024
"""Bytes of the headers or metadata of a call, the forwarded certificate with them."""
METADATA_SLACK = 16 * 1024
"""What services take beyond that: the edge refuses with a reason, gRPC itself would not, and adds
headers of its own on the way."""
