"""Whether the mesh serves through its edge: what a story needs before it begins.

A process that says that it serves is not enough. The edge looks every second whether the services
behind it are well, and passes no call on until it has seen that they are again.
"""

import asyncio
import time

import grpc
from cbss.access.v1 import deliberation_service_pb2 as access_pb
from cbss.access.v1 import deliberation_service_pb2_grpc as access_rpc
from cbss.audit.v1 import error_report_service_pb2 as audit_pb
from cbss.audit.v1 import error_report_service_pb2_grpc as audit_rpc
from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as buffer_rpc
from cbss.coding.v1 import project_service_pb2 as coding_pb
from cbss.coding.v1 import project_service_pb2_grpc as coding_rpc
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.identification.v1 import search_pb2
from cbss.registry.v1 import registry_service_pb2 as registry_pb
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc
from cbss.rights.v1 import rights_service_pb2 as rights_pb
from cbss.rights.v1 import rights_service_pb2_grpc as rights_rpc
from cbss.routing.v1 import batch_service_pb2 as batch_pb
from cbss.routing.v1 import batch_service_pb2_grpc as batch_rpc
from cbss.routing.v1 import notice_service_pb2 as notice_pb
from cbss.routing.v1 import notice_service_pb2_grpc as notice_rpc
from cbss.routing.v1 import routing_service_pb2_grpc as routing_rpc

from sandbox.status import standings
from services.mesh import process_named, upstreams
from tests.mesh.asking import (
    ATTACHED,
    DISABLED,
    DSL,
    MOTHER,
    head,
    identification_rpc,
    outcome,
    question,
)

ASKER = "pcsw-ghent"
PATIENCE = 120.0
"""Seconds; a database that was killed recovers in up to twenty."""
_PAUSE = 0.1
_CALL = 5.0


async def until_it_serves(mesh, patience=PATIENCE):
    """Wait until every process serves and every service behind the edge answers through it;
    AssertionError that names what does not."""
    until = time.monotonic() + patience
    while lacking := await lacks(mesh):
        if time.monotonic() >= until:
            raise AssertionError(f"the mesh does not serve after {patience} s: {lacking}")
        await asyncio.sleep(_PAUSE)


async def lacks(mesh):
    """What keeps the mesh from serving, by process or by service asked; empty if nothing does."""
    found = {one.process: one.health for one in await standings(mesh.state) if not one.serves}
    return found or await _unanswered(mesh)


async def _unanswered(mesh):
    async with (
        mesh.institution(ASKER).channel() as centre,
        mesh.citizen(MOTHER).channel() as citizen,
    ):
        calls = _calls(mesh, centre, citizen)
        assert calls.keys() == set(process_named(upstreams())), "a call for each upstream"
        said = await asyncio.gather(*(_said(call) for call in calls.values()))
    return {name: fault for name, fault in zip(calls, said, strict=True) if fault}


def _calls(mesh, centre, citizen):
    """A lawful call of each service behind the edge, by the name of its process."""
    who = head(mesh.institution(ASKER).cbe_number)
    information = {"information_customer": who["information_customer"]}
    return {
        "routing": routing_rpc.RoutingServiceStub(centre).Consult(question(), timeout=_CALL),
        "notices": notice_rpc.NoticeServiceStub(centre).ListNotices(
            notice_pb.ListNoticesRequest(**information), timeout=_CALL
        ),
        "batches": batch_rpc.BatchServiceStub(centre).ListBatches(
            batch_pb.ListBatchesRequest(**information), timeout=_CALL
        ),
        # Somebody is attached, which goes through the edge, and is asked there.
        "attach": routing_rpc.RoutingServiceStub(centre).Consult(
            question(ATTACHED, criteria=DSL), timeout=_CALL
        ),
        "directory": directory_rpc.DirectoryServiceStub(centre).ListDataContracts(
            directory_pb.ListDataContractsRequest(), timeout=_CALL
        ),
        "rights": rights_rpc.RightsServiceStub(citizen).ListMyRights(
            rights_pb.ListMyRightsRequest(), timeout=_CALL
        ),
        "buffer": buffer_rpc.BufferServiceStub(citizen).ListMyFacts(
            buffer_pb.ListMyFactsRequest(page_size=1), timeout=_CALL
        ),
        "coding": coding_rpc.ProjectServiceStub(centre).ListProjects(
            coding_pb.ListProjectsRequest(page_size=1), timeout=_CALL
        ),
        "identification": identification_rpc.IdentificationServiceStub(centre).SearchPersons(
            search_pb2.SearchPersonsRequest(**who, ssin=DISABLED), timeout=_CALL
        ),
        "access": access_rpc.DeliberationServiceStub(centre).ListDeliberations(
            access_pb.ListDeliberationsRequest(page_size=1), timeout=_CALL
        ),
        "audit": audit_rpc.ErrorReportServiceStub(centre).ListCorrectionNotices(
            audit_pb.ListCorrectionNoticesRequest(), timeout=_CALL
        ),
        "registry": registry_rpc.RegistryServiceStub(centre).GetOwnEntry(
            registry_pb.GetOwnEntryRequest(), timeout=_CALL
        ),
    }


async def _said(call):
    """Nothing if a call is answered well; else what it said."""
    try:
        answer = await call
    except grpc.aio.AioRpcError as fault:
        return f"{fault.code().name} {fault.details()}"
    # Of those that carry a status: whoever asks about a known person is answered.
    good = "status" not in answer.DESCRIPTOR.fields_by_name or answer.status.code == "MSG00000"
    return None if good else outcome(answer)
