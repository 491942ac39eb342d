"""What the store holds beside dossiers, and the catalogue that it makes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.reference import DataContract, Organization
from services.directory.model.catalogue import Offer, OrganizationKey
from services.directory.model.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Revision:
    """How often organizations and contracts, and subscriptions, were changed so far."""

    catalogue: int
    subscriptions: int


@dataclass(frozen=True, slots=True)
class Holder:
    """An organization that can have dossiers."""

    number: EnterpriseNumber
    key: OrganizationKey
    place: SectorInstitution | None


@dataclass(frozen=True, slots=True)
class Holdings:
    """All organizations and contracts that there are, in any order."""

    keys: Mapping[EnterpriseNumber, OrganizationKey]
    organizations: Collection[Organization]
    contracts: Collection[DataContract]


Subscriptions = Mapping[ContractName, Mapping[EnterpriseNumber, Mapping[UUID, Subscription]]]
"""What subscribers want to be told of each contract, by key."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that, as it was at one moment, in the order in which it is listed."""

    keys: Mapping[EnterpriseNumber, OrganizationKey]
    organizations: Mapping[EnterpriseNumber, Organization]
    managers: Mapping[EnterpriseNumber, EnterpriseNumber]
    """By whom an organization of a secondary network is managed."""
    offers: Mapping[ContractName, Offer]
    numbers: Mapping[OrganizationKey, EnterpriseNumber]
    """The keys, read the other way."""
    subscriptions: Subscriptions
    """Those that had not ended when it was last read."""
