"""Registering data contracts while the directory serves."""

from dataclasses import dataclass, replace
from typing import Protocol

from services.admission.model import Call, Entry, Stage
from services.admission.usecases import Trail, acting
from services.concepts.data_contract import ContractName
from services.concepts.failures import Failure
from services.concepts.trail import NOTHING_CHANGED
from services.directory.errors import ContractExists, ContractRefused
from services.directory.model import Catalogue, DataContract
from services.directory.rules import contracts
from services.directory.usecases import ports
from services.directory.usecases.catalogues import CatalogueKeeper


class Contracts(Protocol):
    """Keeps data contracts."""

    async def add_contract(self, contract: DataContract) -> None:
        """Keep a contract; ContractExists if its name is taken."""


@dataclass(frozen=True)
class Contracting:
    """Registers data contracts for operators."""

    catalogues: CatalogueKeeper
    kept: Contracts
    trail: Trail
    lists: ports.Lists

    async def register(self, call: Call, contract: DataContract) -> None:
        """Put down a contract; refused ones too are on the trail."""
        # What another replica registered a moment ago counts too.
        await self.catalogues.refresh()
        known = self._known(contract.name)
        failure = self._failure(contract, known)
        act = Entry(call=call, stage=Stage.ACT, contract=contract.name)
        async with acting(self.trail, act):
            if failure is not None:
                raise failure
            await self.trail.record(replace(act, reason="" if known is None else NOTHING_CHANGED))
            if known is None:
                await self.kept.add_contract(contract)
                await self.catalogues.refresh()

    def _failure(self, contract: DataContract, known: DataContract | None) -> Failure | None:
        if known is not None:
            return None if known == contract else ContractExists()
        before = _before(contract.name, self.catalogues.current())
        found = contracts.problems(contract, before, self.lists)
        return ContractRefused(violations=found) if found else None

    def _known(self, name: ContractName) -> DataContract | None:
        offer = self.catalogues.current().offers.get(name)
        return None if offer is None else offer.contract


def _before(name: ContractName, catalogue: Catalogue) -> DataContract | None:
    """The latest version before this one."""
    earlier = [
        one for one in catalogue.offers if one.code == name.code and one.version < name.version
    ]
    return catalogue.offers[max(earlier)].contract if earlier else None
