"""What the store holds beside dossiers, and the catalogue that it makes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.directory.model.catalogue import DataContract, Offer, Organization, OrganizationKey
from services.directory.model.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Holdings:
    """All organizations, contracts and running subscriptions that the store holds, in any order."""

    keys: Mapping[EnterpriseNumber, OrganizationKey]
    organizations: Collection[Organization]
    contracts: Collection[DataContract]
    subscriptions: Collection[Subscription] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that, as it was at one moment, in the order in which it is listed."""

    keys: Mapping[EnterpriseNumber, OrganizationKey]
    organizations: Mapping[EnterpriseNumber, Organization]
    managers: Mapping[EnterpriseNumber, EnterpriseNumber]
    """By whom an organization of a secondary network is managed."""
    offers: Mapping[ContractName, Offer]
    subscriptions: Mapping[ContractName, Sequence[Subscription]]
