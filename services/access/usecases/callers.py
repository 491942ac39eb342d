"""Who calls, by the organizations and keys that the registry knows now: a key that was withdrawn
there ends its calls here within a minute."""

from collections.abc import Callable
from dataclasses import dataclass

from services.access.model import Claim, Party
from services.access.rules import identity


@dataclass(frozen=True)
class Callers:
    """Establishes callers."""

    members: Callable[[], identity.Admitted]
    """The organizations of the network; fails rather than give what is too old."""

    async def check_caller(self, claim: Claim) -> Party:
        """Who is calling and for whom.

        Fails with OrganizationUnknown, CustomerNotTheCaller and ReferenceStale.
        """
        return identity.party(claim, self.members())
