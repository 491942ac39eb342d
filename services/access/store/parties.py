"""The organizations and places that a deliberation can name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from services.access.model import KnownOrganization
from services.concepts.organization import Organization, SectorInstitution
from services.concepts.written import parse_place


@dataclass(frozen=True, slots=True)
class KnownParties:
    """Knows the organizations that were admitted, and every place of the network."""

    admitted: Collection[Organization]
    """The enterprise numbers and the places of organizations."""

    def knows(self, organization: Organization) -> bool:
        """Whether there is such an organization, or such a place."""
        return organization in self.admitted or organization in places()


def known_parties(organizations: Iterable[KnownOrganization]) -> KnownParties:
    """What these organizations, and the list of places, make known."""
    named: set[Organization] = set()
    for one in organizations:
        named.add(one.cbe_number)
        if one.place is not None:
            named.add(one.place)
    return KnownParties(named)


@cache
def places() -> dict[SectorInstitution, str]:
    """The places of the network, each with who is there."""
    text = files("services.access").joinpath("data/places.yaml").read_text("utf-8")
    listed = yaml.safe_load(text)["places"]
    return {parse_place(place): name for place, name in listed.items()}
