"""The catalogue: what organizations and contracts are together."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

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
    Subscriptions,
)

NO_SUBSCRIPTIONS: Subscriptions = {}


def catalogue_of(holdings: Holdings, subscriptions: Subscriptions = NO_SUBSCRIPTIONS) -> Catalogue:
    """The catalogue: each contract with the organizations that hold its suppliers' places now.

    Only an organization that can be reached is a source: itself, or through the managing
    institution that answers for it.
    """
    organizations = sorted(holdings.organizations, key=lambda one: one.cbe_number)
    at: dict[SectorInstitution, list[Organization]] = {}
    answered_for = {
        managed for one in organizations if one.endpoint is not None for managed in one.manages
    }
    for organization in organizations:
        reached = organization.endpoint is not None or organization.cbe_number in answered_for
        if organization.place is not None and reached:
            at.setdefault(organization.place, []).append(organization)
    return Catalogue(
        holdings.keys,
        {organization.cbe_number: organization for organization in organizations},
        {managed: one.cbe_number for one in organizations for managed in one.manages},
        {
            contract.name: Offer(contract, tuple(_sources(contract, at, holdings.keys)))
            for contract in sorted(holdings.contracts, key=lambda one: one.name)
            if not contract.is_retired
        },
        {key: number for number, key in holdings.keys.items()},
        subscriptions,
    )


def update_subscriptions(
    kept: Subscriptions, changed: Iterable[Subscription], today: date
) -> Subscriptions:
    """What is kept, with what changed of it; what has ended is not kept.

    Costs as much as changed, and what the subscribers concerned have beside it.
    """
    grouped: dict[ContractName, dict[EnterpriseNumber, list[Subscription]]] = {}
    for one in changed:
        grouped.setdefault(one.wish.contract, {}).setdefault(one.subscriber, []).append(one)
    after = dict(kept)
    for name, of in grouped.items():
        before = kept.get(name, {})
        after[name] = {
            **before,
            **{number: _with(before.get(number, {}), some, today) for number, some in of.items()},
        }
    return after


def _with(
    kept: Mapping[UUID, Subscription], changed: Iterable[Subscription], today: date
) -> Mapping[UUID, Subscription]:
    after = {**kept, **{one.key: one for one in changed}}
    return {key: one for key, one in after.items() if _runs(one, today)}


def current_subscriptions(kept: Subscriptions, today: date) -> Subscriptions:
    """What is kept, without what has ended."""
    return {
        name: {
            number: {key: one for key, one in some.items() if _runs(one, today)}
            for number, some in of.items()
        }
        for name, of in kept.items()
    }


def _runs(one: Subscription, today: date) -> bool:
    """Whether a subscription has not ended."""
    return one.wish.period.end is None or one.wish.period.end >= today


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
