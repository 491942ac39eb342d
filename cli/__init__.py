"""The command `cbss`: what operators, members of the committee, officers, jurists, institutions and
citizens do with a mesh, wherever it runs.

A client like any other: it knows the contracts and the doors, and nothing of the inside of a
service. Which mesh, and as whom, says a profile (cli/profile.py) or an option.
"""

# gRPC must learn to refuse TLS 1.2 before anything imports it.
from services import REFUSES_TLS_1_2 as REFUSES_TLS_1_2
