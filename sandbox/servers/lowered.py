"""Becomes another program as another user: `python lowered.py UID PROGRAM [ARGUMENT...]`.

A program of its own, and not an option of the one that starts servers: for such an option Python
forks, and a fork of a process with gRPC's threads in it may not survive the way to its program.
"""

import os
import sys


def main() -> None:
    """Give up all that belongs to the user we are, then go on as the program."""
    uid = int(sys.argv[1])
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606


if __name__ == "__main__":
    main()
