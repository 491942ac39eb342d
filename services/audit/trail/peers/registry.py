"""The registry, which stands to the right: its acts, and whom it admitted."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from cbss.registry.v1 import registry_service_pb2 as registry_pb
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc

from services.audit.trail.model import Entry
from services.audit.trail.wire.registry import decode_entries
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.reference import Organization, Reference
from services.kit.snapshots import Snapshots


class PeerActs:
    """The acts of the registry that wait until the trail has them."""

    def __init__(self, stub: registry_rpc.RegistryServiceStub) -> None:
        self._stub = stub

    async def unrecorded(self) -> list[tuple[UUID, list[Entry]]]:
        """Acts that the trail is to have, each with its records."""
        told = await self._stub.ListUnrecordedActs(registry_pb.ListUnrecordedActsRequest())
        return [(UUID(act.act_id), decode_entries(act)) for act in told.acts]

    async def confirm(self, acts: Sequence[UUID]) -> None:
        """The trail has acts durably."""
        await self._stub.ConfirmActs(registry_pb.ConfirmActsRequest(act_ids=map(str, acts)))


class PeerOrganizations:
    """The organizations that were admitted, as the registry tells; fails rather than use what is
    too old."""

    def __init__(self, references: Snapshots[Reference]) -> None:
        self._references = references

    async def keys_of(self, organization: EnterpriseNumber) -> frozenset[str]:
        """The keys of an organization's programs; none if it was not admitted."""
        known = self._known(organization)
        return frozenset() if known is None else frozenset(known.public_key_sha256)

    async def officers_of(self, organization: EnterpriseNumber) -> frozenset[str]:
        """The keys of an organization's officers; none if it named none."""
        known = self._known(organization)
        return frozenset() if known is None else frozenset(known.officer_key_sha256)

    async def web_names_of(self, organization: EnterpriseNumber) -> frozenset[str]:
        """The names under which an organization is on the web, as it registered them."""
        known = self._known(organization)
        return frozenset() if known is None else frozenset(known.web_names)

    async def names_of(self, numbers: Sequence[str]) -> Mapping[str, str]:
        """The names of organizations, by their numbers, of those that were admitted."""
        wanted = frozenset(numbers)
        return {
            number.digits: one.name
            for number, one in self._references.current().organizations.items()
            if number.digits in wanted
        }

    def _known(self, organization: EnterpriseNumber) -> Organization | None:
        return self._references.current().organizations.get(organization)
