"""Becomes Envoy, and ends with its control program: `python starter.py PARENT PROGRAM ARGUMENT...`.

A program of its own, and no hook of the process that starts it: for a hook Python forks, and a fork
of a process with gRPC's threads in it may not survive the way to its program. Imports nothing of
the mesh, so that it starts at once.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask to be told when the parent dies, in a session of our own, and go on as the program."""
    parent = int(sys.argv[1])
    # A signal to the parent's terminal must first let it drain us.
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    # It may have died before it could be watched.
    if os.getppid() != parent:
        sys.exit(1)
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606


if __name__ == "__main__":
    main()
