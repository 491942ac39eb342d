"""The RPCs of coding: decode, call, encode."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import grpc.aio
from cbss.coding.v1 import coding_service_pb2 as pb
from cbss.coding.v1 import coding_service_pb2_grpc as rpc
from cbss.coding.v1 import project_service_pb2 as project_pb
from cbss.coding.v1 import project_service_pb2_grpc as project_rpc
from cbss.coding.v1 import reidentification_service_pb2 as reid_pb
from cbss.coding.v1 import reidentification_service_pb2_grpc as reid_rpc

from services.admission.wire import Calls
from services.coding.usecases import Coding, Deliveries, Projects, Reidentifying
from services.coding.wire import coding as wire
from services.coding.wire import lists, projects
from services.coding.wire.plans import decode_plan
from services.kit import caller
from services.kit.clock import Clock
from services.kit.paging import PageTokens

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class ProjectServicer(project_rpc.ProjectServiceServicer):  # type: ignore[misc]
    """Serves `cbss.coding.v1.ProjectService`."""

    projects: Projects
    deliveries: Deliveries
    tokens: PageTokens
    calls: Calls

    async def RequestProject(
        self, request: project_pb.RequestProjectRequest, context: Context
    ) -> project_pb.RequestProjectResponse:
        call, actor = self._made("RequestProject")
        project_id, plan = projects.decode_project_id(request.project_id), decode_plan(request.plan)
        project = await self.projects.request(call, project_id, plan, actor)
        return project_pb.RequestProjectResponse(project=projects.encode_project(project))

    async def AssessProject(
        self, request: project_pb.AssessProjectRequest, context: Context
    ) -> project_pb.AssessProjectResponse:
        call, actor = self._made("AssessProject")
        named, remark = projects.decode_project_id(request.project_id), request.remark
        project = await self.projects.assess(
            call, named, actor, projects.decode_remark(remark), feasible=request.feasible
        )
        return project_pb.AssessProjectResponse(project=projects.encode_project(project))

    async def DecideProject(
        self, request: project_pb.DecideProjectRequest, context: Context
    ) -> project_pb.DecideProjectResponse:
        call, actor = self._made("DecideProject")
        named, remark = projects.decode_project_id(request.project_id), request.remark
        project = await self.projects.decide(
            call, named, actor, projects.decode_remark(remark), approved=request.approved
        )
        return project_pb.DecideProjectResponse(project=projects.encode_project(project))

    async def OpenProject(
        self, request: project_pb.OpenProjectRequest, context: Context
    ) -> project_pb.OpenProjectResponse:
        call, actor = self._made("OpenProject")
        named = projects.decode_project_id(request.project_id)
        project = await self.projects.open(call, named, actor)
        return project_pb.OpenProjectResponse(project=projects.encode_project(project))

    async def ReleaseDelivery(
        self, request: project_pb.ReleaseDeliveryRequest, context: Context
    ) -> project_pb.ReleaseDeliveryResponse:
        call, actor = self._made("ReleaseDelivery")
        named = projects.decode_project_id(request.project_id)
        project = await self.deliveries.release(call, named, actor)
        return project_pb.ReleaseDeliveryResponse(project=projects.encode_project(project))

    async def CloseProject(
        self, request: project_pb.CloseProjectRequest, context: Context
    ) -> project_pb.CloseProjectResponse:
        call, actor = self._made("CloseProject")
        named, remark = projects.decode_project_id(request.project_id), request.remark
        project = await self.projects.close(call, named, actor, projects.decode_remark(remark))
        return project_pb.CloseProjectResponse(project=projects.encode_project(project))

    async def ListProjects(
        self, request: project_pb.ListProjectsRequest, context: Context
    ) -> project_pb.ListProjectsResponse:
        asking = caller.current()
        after, most = projects.decode_position(self.tokens, request, asking)
        found = await self.projects.page(after, most)
        return projects.encode_list_projects(self.tokens, asking, found, most)

    async def GetProject(
        self, request: project_pb.GetProjectRequest, context: Context
    ) -> project_pb.GetProjectResponse:
        project = await self.projects.get(projects.decode_project_id(request.project_id))
        return project_pb.GetProjectResponse(project=projects.encode_project(project))

    def _made(self, rpc: str) -> Any:
        calling = caller.current()
        return self.calls.made(rpc, calling), projects.decode_actor(calling)


@dataclass(frozen=True)
class CodingServicer(rpc.CodingServiceServicer):  # type: ignore[misc]
    """Serves `cbss.coding.v1.CodingService`."""

    coding: Coding
    deliveries: Deliveries
    tokens: PageTokens
    calls: Calls
    clock: Clock

    async def GetTemporaryNumbers(
        self, request: pb.GetTemporaryNumbersRequest, context: Context
    ) -> pb.GetTemporaryNumbersResponse:
        call = self._of("GetTemporaryNumbers", request)
        return await self._numbered(call, request)

    async def StreamTemporaryNumbers(
        self, requests: AsyncIterator[pb.StreamTemporaryNumbersRequest], context: Context
    ) -> AsyncIterator[pb.StreamTemporaryNumbersResponse]:
        async for request in requests:
            call = self._of("StreamTemporaryNumbers", request.list)
            found = await self._numbered(call, request.list)
            yield pb.StreamTemporaryNumbersResponse(list=found)

    async def SubmitRows(
        self, request: pb.SubmitRowsRequest, context: Context
    ) -> pb.SubmitRowsResponse:
        call = self._of("SubmitRows", request)
        named = projects.decode_project_id(request.project_id)
        chunk_id = projects.decode_id(request.chunk_id, "chunk_id")
        rows = wire.decode_rows(request.rows)
        found = await self.coding.submit(call, named, chunk_id, list(request.columns), rows)
        return wire.encode_submitted(found, self.clock)

    async def ListDeliveryRows(
        self, request: pb.ListDeliveryRowsRequest, context: Context
    ) -> pb.ListDeliveryRowsResponse:
        asking, call = caller.current(), self._of("ListDeliveryRows", request)
        named = projects.decode_project_id(request.project_id)
        number = wire.decode_page(self.tokens, request, asking, named)
        handed = await self.deliveries.page(call, named, number)
        return wire.encode_page(self.tokens, asking, handed, self.clock)

    async def AcknowledgeDelivery(
        self, request: pb.AcknowledgeDeliveryRequest, context: Context
    ) -> pb.AcknowledgeDeliveryResponse:
        call = self._of("AcknowledgeDelivery", request)
        named = projects.decode_project_id(request.project_id)
        digest = wire.decode_digest(request.content_sha256)
        await self.deliveries.acknowledge(call, named, digest)
        return wire.encode_acknowledged(call, self.clock)

    async def _numbered(
        self, call: Any, request: pb.GetTemporaryNumbersRequest
    ) -> pb.GetTemporaryNumbersResponse:
        named = projects.decode_project_id(request.project_id)
        found = await self.coding.number(call, named, wire.decode_units(request.units))
        return wire.encode_numbers(found, self.clock)

    def _of(self, rpc: str, request: Any) -> Any:
        # The purpose is that of the project, not of the call.
        return self.calls.of(rpc, caller.current(), request.information_customer, None)


@dataclass(frozen=True)
class ReidentificationServicer(reid_rpc.ReidentificationServiceServicer):  # type: ignore[misc]
    """Serves `cbss.coding.v1.ReidentificationService`."""

    reidentifying: Reidentifying
    tokens: PageTokens
    calls: Calls
    clock: Clock

    async def RequestReidentification(
        self, request: reid_pb.RequestReidentificationRequest, context: Context
    ) -> reid_pb.RequestReidentificationResponse:
        call, actor = self._made("RequestReidentification")
        wanted, codes = lists.decode_wanted(request, actor), lists.decode_codes(request.codes)
        found = await self.reidentifying.request(call, wanted, codes)
        return reid_pb.RequestReidentificationResponse(reidentification=lists.encode_list(found))

    async def DecideReidentification(
        self, request: reid_pb.DecideReidentificationRequest, context: Context
    ) -> reid_pb.DecideReidentificationResponse:
        call, actor = self._made("DecideReidentification")
        named = lists.decode_list_id(request.reidentification_id)
        found = await self.reidentifying.decide(call, named, actor, approved=request.approved)
        return reid_pb.DecideReidentificationResponse(reidentification=lists.encode_list(found))

    async def EndReidentification(
        self, request: reid_pb.EndReidentificationRequest, context: Context
    ) -> reid_pb.EndReidentificationResponse:
        call, actor = self._made("EndReidentification")
        named = lists.decode_list_id(request.reidentification_id)
        found = await self.reidentifying.end(call, named, actor)
        return reid_pb.EndReidentificationResponse(reidentification=lists.encode_list(found))

    async def ListReidentifications(
        self, request: reid_pb.ListReidentificationsRequest, context: Context
    ) -> reid_pb.ListReidentificationsResponse:
        asking = caller.current()
        project_id, after, most = lists.decode_list_position(self.tokens, request, asking)
        found = await self.reidentifying.page(project_id, after, most)
        return lists.encode_lists(self.tokens, asking, found, most)

    async def GetReidentifiedUnits(
        self, request: reid_pb.GetReidentifiedUnitsRequest, context: Context
    ) -> reid_pb.GetReidentifiedUnitsResponse:
        calling, information = caller.current(), request.information_customer
        call = self.calls.of("GetReidentifiedUnits", calling, information, None)
        named = lists.decode_list_id(request.reidentification_id)
        told = await self.reidentifying.tell(call, named, wire.decode_units(request.units))
        return lists.encode_told(told, self.clock)

    def _made(self, rpc: str) -> Any:
        calling = caller.current()
        return self.calls.made(rpc, calling), projects.decode_actor(calling)
