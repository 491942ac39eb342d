"""Registering data contracts while the directory serves."""

from dataclasses import dataclass
from typing import Protocol

from services.concepts.data_contract import ContractName
from services.concepts.failures import Failure
from services.directory.errors import ContractExists, ContractRefused
from services.directory.model import Call, Catalogue, DataContract, Entry, Stage
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
    trail: ports.Trail
    lists: ports.Lists

    async def register(self, call: Call, contract: DataContract) -> None:
        """Put down a contract; refused ones too are on the trail."""
        # What another replica registered a moment ago counts too.
        await self.catalogues.refresh()
        known = self._known(contract.name)
        failure = self._failure(contract, known)
        await self.trail.record(
            Entry(
                call,
                Stage.ACT,
                permitted=failure is None,
                reason="" if failure is None else failure.reason(),
                contract=contract.name,
            )
        )
        if failure is not None:
            raise failure
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
