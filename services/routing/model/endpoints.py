"""Where suppliers are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a supplier listens, and the name its certificate must carry."""

    address: str
    server_name: str
    in_mesh: bool
