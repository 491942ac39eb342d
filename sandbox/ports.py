"""Ports that are free, and stay so until the server that needs one has it."""

import secrets
import socket
import sys
from collections.abc import Iterable, Mapping, Sequence

_QUIET_PORTS = range(15_000, 32_000)
"""Below those that systems give to outgoing connections: one of these could take a port first."""
_HOLDS = sys.platform == "linux"
"""Whether a server can listen where a socket is bound that does not, once that one allows it."""


class PortTaken(Exception):
    """Another program listens on a port that the sandbox needs."""


class Claims:
    """Ports that nobody else can take: bound here, and open to the servers that are to listen."""

    def __init__(self) -> None:
        self._held: list[socket.socket] = []

    def free(self, names: Iterable[str]) -> dict[str, int]:
        """A port for each name, all different, all ours from now on."""
        return {name: self._one() for name in names}

    def fixed(self, ports: Sequence[tuple[str, int]]) -> None:
        """Take these ports; PortTaken with all names whose port somebody has."""
        taken = [
            f"{name} needs {port}" for name, port in ports if not self._take(port, alone=False)
        ]
        if taken:
            raise PortTaken(f"ports are taken ({', '.join(taken)}); use --free-ports")

    def again(self, ports: Mapping[str, int]) -> bool:
        """Take the ports of an earlier run once more, if nobody has one of them: whether they are
        ours now."""
        if all(self._take(port, alone=False) for port in ports.values()):
            return True
        self.close()
        return False

    def close(self) -> None:
        """Give them all up."""
        for one in self._held:
            one.close()
        self._held.clear()

    def _one(self) -> int:
        for _ in range(1000):
            port = secrets.choice(_QUIET_PORTS)
            if self._take(port, alone=True):
                return port
        raise PortTaken("no free port found")

    def _take(self, port: int, *, alone: bool) -> bool:
        one = socket.socket()
        try:
            # Where a server ended a moment ago a port rests: no reason to refuse the documented
            # ones, but those that are chosen must be nobody's, be he about to listen only.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0 if alone else 1)
            one.bind(("127.0.0.1", port))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        except OSError:
            one.close()
            return False
        if _HOLDS:
            self._held.append(one)
        else:
            one.close()
        return True


def free_port() -> int:
    """A port that nobody has now."""
    claims = Claims()
    try:
        return next(iter(claims.free(["one"]).values()))
    finally:
        claims.close()
