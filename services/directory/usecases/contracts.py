"""Registering data contracts while the directory serves: handed on to who keeps them."""

from dataclasses import dataclass
from typing import Protocol

from services.admission.model import Call, Entry, Stage
from services.admission.usecases import Trail, acting
from services.concepts.reference import DataContract
from services.directory.usecases.catalogues import CatalogueKeeper


class Registry(Protocol):
    """Owns the data contracts of the network."""

    async def register(self, call: Call, contract: DataContract) -> None:
        """Prepare the registration; ContractRefused or ContractExists if it is not possible."""


@dataclass(frozen=True)
class Contracting:
    """Hands registrations on for operators."""

    catalogues: CatalogueKeeper
    registry: Registry
    trail: Trail

    async def register(self, call: Call, contract: DataContract) -> None:
        """Register a contract; the trail has it before anybody can ask for it."""
        offer = self.catalogues.current().offers.get(contract.name)
        if offer is not None and offer.contract == contract:
            return
        async with acting(self.trail, Entry(call=call, stage=Stage.ACT, contract=contract.name)):
            await self.registry.register(call, contract)
