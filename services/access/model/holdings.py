"""All that access holds at one moment."""

from dataclasses import dataclass

from services.access.model.acts import Deliberation


@dataclass(frozen=True, slots=True)
class Holdings:
    """Every version of every deliberation."""

    deliberations: tuple[Deliberation, ...]
    revision: int
    """Numbers the state of the store; every change makes the next."""
