"""The catalogue: what organizations and contracts are together."""

from collections.abc import Iterable, Mapping, Sequence

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.directory.model import (
    Catalogue,
    DataContract,
    Holdings,
    Offer,
    Organization,
    OrganizationKey,
    Source,
    Subscription,
)


def catalogue_of(holdings: Holdings) -> Catalogue:
    """The catalogue: each contract with the organizations that hold its suppliers' places now.

    Only an organization that can be reached is a source.
    """
    organizations = sorted(holdings.organizations, key=lambda one: one.cbe_number)
    at: dict[SectorInstitution, list[Organization]] = {}
    for organization in organizations:
        if organization.place is not None and organization.endpoint is not None:
            at.setdefault(organization.place, []).append(organization)
    return Catalogue(
        holdings.keys,
        {organization.cbe_number: organization for organization in organizations},
        {managed: one.cbe_number for one in organizations for managed in one.manages},
        {
            contract.name: Offer(contract, tuple(_sources(contract, at, holdings.keys)))
            for contract in sorted(holdings.contracts, key=lambda one: one.name)
        },
        _by_contract(holdings.subscriptions),
    )


def _by_contract(
    subscriptions: Iterable[Subscription],
) -> Mapping[ContractName, Sequence[Subscription]]:
    found: dict[ContractName, list[Subscription]] = {}
    for one in sorted(subscriptions, key=lambda one: one.key):
        found.setdefault(one.wish.contract, []).append(one)
    return found


def _sources(
    contract: DataContract,
    at: Mapping[SectorInstitution, Sequence[Organization]],
    keys: Mapping[EnterpriseNumber, OrganizationKey],
) -> Iterable[Source]:
    for supplier in contract.suppliers:
        for organization in at.get(supplier.place, ()):
            yield Source(
                keys[organization.cbe_number],
                organization.cbe_number,
                supplier.source_code,
                supplier.quality_codes,
                supplier.deadline,
            )
