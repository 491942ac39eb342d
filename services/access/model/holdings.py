"""All that access holds at one moment."""

from dataclasses import dataclass

from services.access.model.acts import Deliberation
from services.access.model.organizations import KnownOrganization


@dataclass(frozen=True, slots=True)
class Holdings:
    """Every version of every deliberation, and every organization of the network."""

    deliberations: tuple[Deliberation, ...]
    organizations: tuple[KnownOrganization, ...]
    revision: int
    """Numbers the state of the store; every change makes the next."""
