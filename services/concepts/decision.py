"""What access says of an exchange: on which act it decided, and that none allows it.

What a grant holds is for each service to say: none needs all of it.
"""

from dataclasses import dataclass
from datetime import timedelta

GOOD_FOR = timedelta(milliseconds=100)
"""How long after it was asked for a decision may be used for the same question."""


@dataclass(frozen=True, slots=True)
class Deliberation:
    """A published act in one version."""

    number: str
    version: int


@dataclass(frozen=True, slots=True)
class Denied:
    """No deliberation allows it. Why is for the trail, not for the customer."""

    because: str
    deliberation: Deliberation | None
    """The nearest, if there was one."""
    snapshot_version: str
    """The set of acts that it was decided on."""
