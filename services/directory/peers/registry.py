"""The reference data of the network: `cbss.registry.v1`, with the keys that dossiers are under."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cbss.registry.v1 import change_pb2
from cbss.registry.v1 import registry_service_pb2 as registry_pb
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc

from services.admission.model import Call
from services.concepts.failures import FieldViolation
from services.concepts.reference import DataContract, Reference
from services.directory.errors import ContractExists, ContractRefused
from services.directory.model import Holdings, Revision, Subscription
from services.directory.store import PostgresStore
from services.kit.errors import PeerFailed
from services.kit.snapshots import Snapshots
from services.wire.data_contracts import encode_contract

CHANGED = "changes[0].data_contract"
TAKEN = "is registered in this version already, with other content"


class PeerRegistry:
    """Hands data contracts on."""

    def __init__(self, stub: registry_rpc.RegistryServiceStub) -> None:
        self._stub = stub

    async def register(self, call: Call, contract: DataContract) -> None:
        """Prepare the registration of a contract, for an operator."""
        request = registry_pb.PrepareActRequest(
            act_id=str(call.ticket),
            changes=[change_pb2.Change(data_contract=encode_contract(contract))],
            operator=call.operator,
        )
        try:
            await self._stub.PrepareAct(request)
        except PeerFailed as refused:
            if refused.facts.get("reason") not in ("CHANGE_REFUSED", "INVALID_ARGUMENT"):
                raise
            if any(one.description == TAKEN for one in refused.violations):
                raise ContractExists() from None
            raise ContractRefused(violations=[_own(one) for one in refused.violations]) from None


def _own(violation: FieldViolation) -> FieldViolation:
    return FieldViolation(
        violation.field.replace(CHANGED, "data_contract").removeprefix("data_contract."),
        violation.description,
    )


@dataclass(frozen=True)
class RegistryShelf:
    """What the registry holds, with the keys of its organizations and the subscriptions from our
    own store."""

    store: PostgresStore
    references: Snapshots[Reference]

    async def revision(self) -> Revision:
        """How often either was changed."""
        own = await self.store.revision()
        return Revision(self.references.current().version, own.subscriptions)

    async def holdings(self) -> Holdings:
        """All organizations and contracts; who is new gets a key."""
        reference = self.references.current()
        keys = await self.store.keys_of(reference.organizations.values())
        return Holdings(keys, [*reference.organizations.values()], [*reference.contracts.values()])

    async def running(self, today: date) -> Sequence[Subscription]:
        """The subscriptions that have not ended."""
        return await self.store.running(today)

    async def changed(self, after: int) -> Sequence[Subscription]:
        """The subscriptions that were given or ended after a revision."""
        return await self.store.changed(after)
