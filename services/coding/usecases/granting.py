"""Whether the deliberation of a project grants what it does, on the day it does it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.admission.model import Granted, Mode
from services.admission.usecases import Access
from services.coding.errors import DeliberationMissing
from services.coding.model import Project
from services.coding.usecases.ports import References
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.reference import Organization

DONE, REFUSED = "MSG00000", "MSG00013"
"""How a call ends: it is done, or no deliberation grants it."""
Decisions = Mapping[ContractName, Granted | Denied]


@dataclass(frozen=True)
class Granting:
    """Asks access about the recipient, for every contract that a project draws on."""

    access: Access
    references: References

    def recipient(self, project: Project) -> Organization:
        """Who receives; fails if it belongs to the network no more."""
        return self.organization(project.plan.recipient)

    def organization(self, number: EnterpriseNumber) -> Organization:
        """An organization of the network; fails if it belongs to it no more."""
        found = self.references.current().organizations.get(number)
        if found is None:
            raise DeliberationMissing
        return found

    async def on_ground(
        self, project: Project, source: Organization, ground: LegalContext, day: date
    ) -> Decisions:
        """What access says of a source that gets back, on a ground, what it has sent."""
        contracts = sorted({one.contract for one in project.plan.of_source(source.cbe_number)})
        found = await asyncio.gather(
            *(self.access.check(source, ground, one, day, Mode.BATCH) for one in contracts)
        )
        return dict(zip(contracts, found, strict=True))

    async def decisions(self, project: Project, day: date) -> Decisions:
        """What access says of each contract."""
        plan, recipient = project.plan, self.recipient(project)
        found = await asyncio.gather(
            *(
                self.access.check(recipient, plan.legal_context, one, day, Mode.BATCH)
                for one in plan.contracts
            )
        )
        return dict(zip(plan.contracts, found, strict=True))
