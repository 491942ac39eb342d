"""Who belongs to the network: `cbss.registry.v1`, kept in memory."""

from dataclasses import dataclass

from services.admission import rules
from services.admission.model import Call, Party
from services.concepts.reference import Organization, Reference
from services.kit.snapshots import Snapshots


@dataclass(frozen=True)
class RegistryMembers:
    """Knows the organizations by the reference data."""

    references: Snapshots[Reference]

    async def party(self, call: Call) -> Party[Organization]:
        """Who calls and for whom; fails if it may not."""
        assert call.head is not None
        members = self.references.current().organizations
        return rules.party(call.certificate, call.head.customer, members)
