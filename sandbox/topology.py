"""Which processes there are and where each listens."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.organizations import organizations
from sandbox.ports import Claims
from sandbox.state import State
from services import mesh

SERVICES = mesh.process_named(mesh.of_kind(mesh.Kind.SERVICE))
COMPANIONS = mesh.process_named(mesh.of_kind(mesh.Kind.COMPANION))
"""What answers institutions beside a service: notices, batches, and sources that attach."""
LOGGING = mesh.process_named(mesh.of_kind(mesh.Kind.WORKER, mesh.Kind.WEB))
"""What makes the log of the trail grow, and what watches over it."""
_SUPPLYING = tuple(one for one in organizations().values() if one.supplies)
SOURCES = tuple(one.name for one in _SUPPLYING if not one.attaches)
"""The authentic sources that the mesh dials."""
ATTACHED = tuple(one.name for one in _SUPPLYING if one.attaches)
"""Those that call the mesh to be asked."""
PROVIDER = "provider"
"""What signs people in, in place of the country's own."""
OFFICIAL_STATUSES = "cbss-statuses"
"""The source of official answers on social statuses, in place of the buffer when there are any."""

_FIRST = {
    "gateway-admin": 7444,
    "gateway-open": 7445,
    "gateway-pages": 7446,
    "provider": 7447,
    **{process.name: process.port for process in mesh.PROCESSES if process.port},
    "postgres": 7432,
    "valkey": 7379,
    **{one.name: 7501 + n for n, one in enumerate(_SUPPLYING)},
    OFFICIAL_STATUSES: 7501 + len(_SUPPLYING),
}
_HEALTH, _METRICS = 100, 200


@dataclass(frozen=True, slots=True)
class Ports:
    """A port for each name; `<name>-health` and `<name>-metrics` beside it."""

    numbers: Mapping[str, int]

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]

    def address(self, name: str) -> str:
        """`host:port`."""
        return f"127.0.0.1:{self.numbers[name]}"

    @property
    def origin(self) -> str:
        """What browsers call the portal: another site than that of who signs people in."""
        return f"https://127.0.0.1:{self.numbers['gateway-pages']}"

    @property
    def issuer(self) -> str:
        """What browsers call who signs people in."""
        return f"http://localhost:{self.numbers[PROVIDER]}"


def fixed_ports() -> Ports:
    """The ports that the documentation names."""
    numbers = dict(_FIRST)
    for name, port in _FIRST.items():
        if name in (
            *SERVICES,
            *COMPANIONS,
            *LOGGING,
            *SOURCES,
            *ATTACHED,
            OFFICIAL_STATUSES,
            PROVIDER,
        ):
            numbers[f"{name}-health"] = port + _HEALTH
            numbers[f"{name}-metrics"] = port + _METRICS
    numbers |= {"gateway-health": 7200, "gateway-metrics": 7300}
    return Ports(numbers)


def choose_ports(state: State, claims: Claims, *, free: bool) -> Ports:
    """The documented ports, or, if asked, any that are free: all of them claimed.

    A sandbox that had free ports keeps them as long as nobody took one: its clients find it where
    it was, and its organizations need not be told anew where their sources are.
    """
    ports, before = fixed_ports(), noted_ports(state)
    if not free:
        claims.fixed(list(ports.numbers.items()))
    elif before is not None and before != ports and claims.again(before.numbers):
        ports = before
    else:
        ports = Ports(claims.free(ports.numbers))
    state.note("ports", dict(ports.numbers))
    return ports


def noted_ports(state: State) -> Ports | None:
    """The ports of the sandbox that runs or ran here; None if nothing (usable) says so."""
    numbers = state.noted("ports")
    if not isinstance(numbers, dict) or not numbers.keys() >= fixed_ports().numbers.keys():
        return None
    return Ports(numbers) if all(isinstance(port, int) for port in numbers.values()) else None
