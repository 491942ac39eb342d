"""The contracts by which the job reviews deliberations."""

from services.access.store.contracts import DescribedContracts, RegisteredContracts, own_contracts
from services.concepts.reference import Reference


def shipped_contracts() -> DescribedContracts:
    """Those that access itself ships: of what institutions ask a service of the mesh."""
    return own_contracts()


def known_contracts(registry: Reference) -> DescribedContracts:
    """Those, and what is registered to be consulted at sources."""
    return RegisteredContracts(shipped_contracts()).make(registry)
