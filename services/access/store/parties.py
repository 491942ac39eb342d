"""The organizations and places that a deliberation can name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from services.access.model import KnownOrganization
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import Organization, SectorInstitution
from services.concepts.written import parse_place


@dataclass(frozen=True, slots=True)
class KnownParties:
    """Knows the organizations that were admitted, and every place of the network."""

    admitted: Mapping[EnterpriseNumber, KnownOrganization]
    taken: Collection[SectorInstitution]
    """The places where they are."""

    def knows(self, organization: Organization) -> bool:
        """Whether there is such an organization, or such a place."""
        if isinstance(organization, SectorInstitution):
            return organization in self.taken or organization in places()
        return organization in self.admitted

    def find(self, organization: Organization) -> KnownOrganization | None:
        """The organization of a number; none for a place, or if there is none."""
        if isinstance(organization, SectorInstitution):
            return None
        return self.admitted.get(organization)

    def has_kind(self, kind: str) -> bool:
        """Whether there is such a kind of organization."""
        return kind in kinds()


def known_parties(organizations: Iterable[KnownOrganization]) -> KnownParties:
    """What these organizations, and the list of places, make known."""
    admitted = {one.cbe_number: one for one in organizations}
    return KnownParties(admitted, {one.place for one in admitted.values() if one.place is not None})


@cache
def places() -> dict[SectorInstitution, str]:
    """The places of the network, each with who is there."""
    text = files("services.access").joinpath("data/places.yaml").read_text("utf-8")
    listed = yaml.safe_load(text)["places"]
    return {parse_place(place): name for place, name in listed.items()}


@cache
def kinds() -> dict[str, dict[str, str]]:
    """The kinds of organization, each in the languages of the country."""
    text = files("services.access").joinpath("data/kinds.yaml").read_text("utf-8")
    listed: dict[str, dict[str, str]] = yaml.safe_load(text)["kinds"]
    return listed
