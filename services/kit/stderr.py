"""What a library writes to standard error by itself, past every logger: a line of ours each.

gRPC's core does. What it says of handshakes is what an operator needs; of all else only the place
is told where it was said, for it may quote what somebody sent.
"""

import asyncio
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

_STDERR = 2
_LONGEST = 64 * 1024
_CORE = re.compile(r"^([IWEF])\d{4} [\d:.]+ +\d+ (\S+?):\d+\] (.*)$")
"""How the logger of gRPC's core begins a line: level, day, time, thread, place."""
_LEVELS = {"I": "info", "W": "warning", "E": "error", "F": "critical"}
_HANDSHAKES = ("ssl_", "tls_", "security_handshaker")

log = structlog.get_logger()


@contextmanager
def capture_stderr() -> Iterator[None]:
    """Read standard error on the loop at hand, during the block; what is JSON passes as it is."""
    loop = asyncio.get_running_loop()
    reading, writing = os.pipe()
    outer = os.dup(_STDERR)
    # Who writes must never wait for a loop that is busy: what has no room is lost.
    os.set_blocking(writing, False)
    os.set_blocking(reading, False)
    os.dup2(writing, _STDERR)
    os.close(writing)
    left = bytearray()

    def read() -> None:
        try:
            left.extend(os.read(reading, _LONGEST))
        except BlockingIOError:
            return
        *lines, rest = bytes(left).split(b"\n")
        left[:] = rest[-_LONGEST:]
        for line in lines:
            _say(line, outer)

    loop.add_reader(reading, read)
    try:
        yield
    finally:
        os.dup2(outer, _STDERR)
        loop.remove_reader(reading)
        read()
        os.close(reading)
        os.close(outer)


def _say(line: bytes, outer: int) -> None:
    text = line.decode(errors="replace").strip()
    if not text:
        return
    if _is_json(text):
        os.write(outer, line + b"\n")
        return
    found = _CORE.match(text)
    if found is None:
        log.warning("written to standard error", length=len(text))
        return
    level, place, said = found.groups()
    told = {"said": said[:300]} if place.startswith(_HANDSHAKES) else {}
    getattr(log, _LEVELS[level])("said by grpc", place=place, **told)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
