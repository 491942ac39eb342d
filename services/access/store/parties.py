"""The organizations and places that a deliberation can name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from services.access.model import Wording
from services.concepts import reference, written
from services.concepts.code_lists import code_lists
from services.concepts.dated import load
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import Organization, SectorInstitution


@dataclass(frozen=True, slots=True)
class KnownParties:
    """Knows the organizations that were admitted, and every place of the network."""

    admitted: Mapping[EnterpriseNumber, reference.Organization]
    taken: Collection[SectorInstitution]
    """The places where they are."""

    def knows(self, organization: Organization) -> bool:
        """Whether there is such an organization, or such a place."""
        if isinstance(organization, SectorInstitution):
            return organization in self.taken or organization in places()
        return organization in self.admitted

    def find(self, organization: Organization) -> reference.Organization | None:
        """The organization of a number; none for a place, or if there is none."""
        if isinstance(organization, SectorInstitution):
            return None
        return self.admitted.get(organization)

    def has_kind(self, kind: str) -> bool:
        """Whether there is such a kind of organization."""
        return kind in kinds()


def known_members(members: Iterable[reference.Organization]) -> KnownParties:
    """What the registry's organizations, and the list of places, make known."""
    admitted = {one.cbe_number: one for one in members}
    return KnownParties(admitted, {one.place for one in admitted.values() if one.place is not None})


def places() -> Mapping[SectorInstitution, str]:
    """The places of the network, each with who is there."""
    return code_lists().places


class _Kinds(written.Part):
    kinds: dict[str, Wording]


@cache
def kinds() -> Mapping[str, Wording]:
    """The kinds of organization, in the languages that a deliberation's words have."""
    return load("services.access", "data/kinds.yaml", _Kinds).kinds
