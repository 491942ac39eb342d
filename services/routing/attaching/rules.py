"""Who attaches: what the registry says of an organization."""

from services.routing.model import Catalogue, OnboardedOrganization

WORKLOAD = "routing"
"""The name in the certificate of the processes that sources attach to. Where an organization's
endpoint carries it, within the mesh, the organization attaches and is not dialled."""


def attaches(organization: OnboardedOrganization, catalogue: Catalogue) -> bool:
    """Whether an organization is a source that attaches, of some contract."""
    endpoint = organization.endpoint
    if endpoint is None or not endpoint.in_mesh or endpoint.server_name != WORKLOAD:
        return False
    return any(
        source.supplier.cbe_number == organization.cbe_number
        for contract in catalogue.contracts.values()
        for source in contract.sources
    )
