"""Coding, put together."""

from contextlib import AsyncExitStack
from functools import partial
from secrets import token_bytes

from cbss.access.v1 import access_service_pb2_grpc as access_rpc
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.coding.v1 import coding_service_pb2 as pb
from cbss.coding.v1 import coding_service_pb2_grpc as rpc
from cbss.coding.v1 import project_service_pb2 as project_pb
from cbss.coding.v1 import project_service_pb2_grpc as project_rpc
from cbss.coding.v1 import reidentification_service_pb2 as reid_pb
from cbss.coding.v1 import reidentification_service_pb2_grpc as reid_rpc
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc

from services.admission.peers.access import PeerAccess
from services.admission.peers.audit import PeerTrail
from services.admission.usecases import Arrivals
from services.admission.wire import Calls
from services.coding.assembly import master_key
from services.coding.callers import CALLERS
from services.coding.hierarchies import hierarchies
from services.coding.peers.identification import PeerNumbers
from services.coding.peers.registry import RegistryMembers
from services.coding.servicer import CodingServicer, ProjectServicer, ReidentificationServicer
from services.coding.settings import Settings
from services.coding.store import PostgresLists, PostgresProjects, PostgresRows
from services.coding.usecases import Coding, Deliveries, Keyring, Projects, Reidentifying, Today
from services.coding.usecases.granting import Granting
from services.coding.wire.plans import PlanForm
from services.kit.caller import Caller
from services.kit.channels import channel
from services.kit.clock import utc_now
from services.kit.ids import uuid7
from services.kit.paging import PageTokens
from services.kit.poller import Poller
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load
from services.kit.snapshots import Snapshots
from services.kit.tls import ClientTls
from services.wire.references import decode_reader, decode_whole


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        peer = partial(channel, tls=ClientTls.of(settings))
        identification = await enter(
            peer(settings.identification_address, server_name="identification")
        )
        access = await enter(peer(settings.access_address, server_name="access"))
        audit = await enter(peer(settings.audit_address, server_name="audit"))
        registry = await enter(peer(settings.registry_address, server_name="registry"))
        database = await enter(pool(settings.database_dsn, name="coding"))
        references = Snapshots(
            decode_reader(registry_rpc.RegistryServiceStub(registry), decode_whole)
        )
        trail = PeerTrail(audit_rpc.AuditServiceStub(audit), new_id=uuid7, now=utc_now)
        admission = Arrivals(RegistryMembers(references), trail)
        granting = Granting(PeerAccess(access_rpc.AccessServiceStub(access)), references)
        classes = hierarchies()
        store, rows = PostgresProjects(database, PlanForm()), PostgresRows(database)
        keyring = Keyring(await master_key(settings), store)
        projects = Projects(
            store, trail, references, granting, keyring, utc_now, token_bytes, classes
        )
        deliveries = Deliveries(
            admission, projects, store, rows, granting, keyring, utc_now, classes
        )
        numbers = PeerNumbers(identification_rpc.IdentificationServiceStub(identification))
        today = Today(numbers)
        coding = Coding(admission, store, rows, granting, keyring, today, classes)
        reidentifying = Reidentifying(
            *(admission, PostgresLists(database), store, rows, granting, keyring, today, utc_now)
        )
        calls = Calls("cbss.coding.v1.CodingService", uuid7, utc_now)
        project_calls = Calls("cbss.coding.v1.ProjectService", uuid7, utc_now)
        list_calls = Calls("cbss.coding.v1.ReidentificationService", uuid7, utc_now)
        # All replicas have the database's password, and nobody else: it seals their page tokens.
        tokens = PageTokens(settings.database_dsn.encode())
        itself = partial(project_calls.made, "CloseProject", Caller("coding"))
        closing = Poller(
            partial(projects.close_ended, itself),
            settings.closing_every,
            "projects that ended are not closed yet",
        )
        await serve(
            settings,
            [
                Service(
                    rpc.add_CodingServiceServicer_to_server,
                    CodingServicer(coding, deliveries, tokens, calls, utc_now),
                    pb.DESCRIPTOR.services_by_name["CodingService"],
                ),
                Service(
                    project_rpc.add_ProjectServiceServicer_to_server,
                    ProjectServicer(projects, deliveries, tokens, project_calls),
                    project_pb.DESCRIPTOR.services_by_name["ProjectService"],
                ),
                Service(
                    reid_rpc.add_ReidentificationServiceServicer_to_server,
                    ReidentificationServicer(reidentifying, tokens, list_calls, utc_now),
                    reid_pb.DESCRIPTOR.services_by_name["ReidentificationService"],
                ),
            ],
            CALLERS,
            background=[references.keep, closing.keep],
            databases=[database],
            needs={"references": references.fresh},
        )


if __name__ == "__main__":
    run(main)
