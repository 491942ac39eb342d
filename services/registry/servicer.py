"""What the registry answers: decode, call, encode."""

from dataclasses import dataclass
from typing import Any

import grpc.aio
from cbss.registry.v1 import registry_service_pb2 as pb
from cbss.registry.v1 import registry_service_pb2_grpc as rpc

from services.kit import caller
from services.kit.paging import PageTokens
from services.registry import wire
from services.registry.usecases import Registry
from services.wire.head import decode_certificate
from services.wire.registry import encode_organization

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class RegistryServicer(rpc.RegistryServiceServicer):  # type: ignore[misc]
    """Serves `cbss.registry.v1.RegistryService`."""

    kept: Registry
    tokens: PageTokens

    async def GetSnapshot(
        self, request: pb.GetSnapshotRequest, context: Context
    ) -> pb.GetSnapshotResponse:
        head = await self.kept.snapshot(request.digest)
        return pb.GetSnapshotResponse(digest=head.digest, snapshot=head.content)

    async def PrepareAct(
        self, request: pb.PrepareActRequest, context: Context
    ) -> pb.PrepareActResponse:
        who = wire.decode_actor(caller.current(), request.operator)
        changes = wire.decode_changes(request.changes, most=wire.MOST_CHANGES)
        act = await self.kept.prepare(wire.decode_id(request.act_id), changes, who)
        return pb.PrepareActResponse(act=wire.encode_act(act))

    async def DecideAct(
        self, request: pb.DecideActRequest, context: Context
    ) -> pb.DecideActResponse:
        act_id, who = wire.decode_id(request.act_id), wire.decode_actor(caller.current())
        act = await self.kept.decide(act_id, who, approved=request.approved)
        return pb.DecideActResponse(act=wire.encode_act(act))

    async def ListActs(self, request: pb.ListActsRequest, context: Context) -> pb.ListActsResponse:
        asking = caller.current()
        listing = wire.decode_listing(self.tokens, request, asking)
        return wire.encode_listing(self.tokens, listing, asking, await self.kept.list(listing))

    async def GetOwnEntry(
        self, request: pb.GetOwnEntryRequest, context: Context
    ) -> pb.GetOwnEntryResponse:
        own, waiting = await self.kept.own_entry(decode_certificate(caller.current()))
        return pb.GetOwnEntryResponse(
            organization=encode_organization(own), waiting_acts=map(wire.encode_act, waiting)
        )

    async def PrepareOwnAct(
        self, request: pb.PrepareOwnActRequest, context: Context
    ) -> pb.PrepareOwnActResponse:
        act_id = wire.decode_id(request.act_id)
        changes = wire.decode_changes(request.changes, most=wire.MOST_OWN_CHANGES)
        act = await self.kept.prepare_own(act_id, changes, decode_certificate(caller.current()))
        return pb.PrepareOwnActResponse(act=wire.encode_act(act))

    async def ListUnrecordedActs(
        self, request: pb.ListUnrecordedActsRequest, context: Context
    ) -> pb.ListUnrecordedActsResponse:
        return pb.ListUnrecordedActsResponse(
            acts=map(wire.encode_act, await self.kept.unrecorded())
        )

    async def ConfirmActs(
        self, request: pb.ConfirmActsRequest, context: Context
    ) -> pb.ConfirmActsResponse:
        await self.kept.confirm(wire.decode_ids(request.act_ids))
        return pb.ConfirmActsResponse()
