"""Batches, put together."""

from contextlib import AsyncExitStack
from functools import partial

from cbss.access.v1 import access_service_pb2_grpc as access_rpc
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc
from cbss.routing.v1 import batch_file_service_pb2 as files_pb
from cbss.routing.v1 import batch_file_service_pb2_grpc as files_rpc
from cbss.routing.v1 import batch_service_pb2 as pb
from cbss.routing.v1 import batch_service_pb2_grpc as rpc

from services.admission.model import Mode
from services.admission.peers.audit import PeerTrail as SharedTrail
from services.admission.usecases import Arrivals
from services.admission.wire import Calls
from services.kit.channels import channel
from services.kit.clock import utc_now
from services.kit.ids import uuid7
from services.kit.paging import PageTokens
from services.kit.poller import Poller
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load
from services.kit.snapshots import Snapshots
from services.kit.telemetry import meter
from services.kit.tls import ClientTls
from services.kit.wakeups import Wakeups
from services.routing.batches import wire
from services.routing.batches.model import Bounds
from services.routing.batches.peers import PeerTrail
from services.routing.batches.servicer import BatchServicer
from services.routing.batches.settings import Settings
from services.routing.batches.store import PostgresDesk, PostgresIntake, Seal
from services.routing.batches.usecases.keeping import Upkeep
from services.routing.batches.usecases.ports import CHANNEL
from services.routing.batches.usecases.reading import Readings
from services.routing.batches.usecases.submitting import Submissions
from services.routing.callers import BATCH_CALLERS
from services.routing.files import meters
from services.routing.files import wire as files
from services.routing.files.servicer import BatchFileServicer
from services.routing.files.store import PostgresFiles
from services.routing.files.usecases.giving import ResultFiles
from services.routing.files.usecases.keeping import FileUpkeep
from services.routing.files.usecases.taking import Filings
from services.routing.notices.usecases.delivering import Streams
from services.routing.peers.access import PeerAccess
from services.routing.peers.catalogue import Catalogues
from services.routing.usecases import CatalogueMembers
from services.wire.references import decode_reader


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    mesh = ClientTls.of(settings)
    seal = Seal.read(settings.content_key_file)
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        peer = partial(channel, tls=mesh)
        access = await enter(peer(settings.access_address, server_name="access"))
        audit = await enter(peer(settings.audit_address, server_name="audit"))
        connections = await enter(
            pool(settings.database_dsn, name="batches", most=settings.connections)
        )
        registry = await enter(peer(settings.registry_address, server_name="registry"))
        catalogue = Snapshots(
            decode_reader(registry_rpc.RegistryServiceStub(registry), Catalogues().make)
        )
        wakeups = Wakeups(settings.database_dsn, CHANNEL, settings.sweep_every)
        streams = Streams(
            meter()
            .create_gauge(
                "cbss.routing.batches.streams", description="Streams of results that are open."
            )
            .set
        )
        streams.count(0)
        overdue = meter().create_counter(
            "cbss.routing.batches.overdue", description="Batches that were not done in their term."
        )
        decisions = PeerAccess(access_rpc.AccessServiceStub(access), Mode.BATCH)
        trail = PeerTrail(SharedTrail(audit_rpc.AuditServiceStub(audit), new_id=uuid7, now=utc_now))
        admission = Arrivals(CatalogueMembers(catalogue), trail)
        intake, desk = PostgresIntake(connections, seal), PostgresDesk(connections, seal)
        submissions = Submissions(
            admission=admission,
            access=decisions,
            catalogues=catalogue,
            trail=trail,
            store=intake,
            forms=wire.Forms(),
            seal=seal,
            wakeups=wakeups,
            now=utc_now,
            chunk=settings.chunk,
        )
        readings = Readings(
            admission=admission,
            access=decisions,
            trail=trail,
            store=desk,
            forms=wire.Forms(),
            wakeups=wakeups,
            bounds=Bounds(settings.heartbeat, settings.stream_life, settings.streams),
            streams=streams,
            now=utc_now,
            kept=settings.results_kept,
        )
        calls = Calls(wire.SERVICE, uuid7, utc_now)
        tokens = PageTokens(seal.token_secret)
        upkeep = Upkeep(intake, utc_now, settings.receiving, overdue.add)
        kept = PostgresFiles(connections)
        filings = Filings(
            admission=admission,
            submissions=submissions,
            store=kept,
            reader=files.Reader(),
            seal=seal,
            now=utc_now,
            term=settings.file_term,
            tell_gap=meters.GAPS.inc,
            tell_rejection=meters.count_rejection,
        )
        filed = FileUpkeep(
            kept, utc_now, settings.files_kept, meters.HALTED.set, meters.count_rejection
        )
        await serve(
            settings,
            [
                Service(
                    rpc.add_BatchServiceServicer_to_server,
                    BatchServicer(submissions, readings, tokens, calls, utc_now),
                    pb.DESCRIPTOR.services_by_name["BatchService"],
                ),
                Service(
                    files_rpc.add_BatchFileServiceServicer_to_server,
                    BatchFileServicer(
                        filings,
                        ResultFiles(readings, kept),
                        Calls(files.SERVICE, uuid7, utc_now),
                        utc_now,
                    ),
                    files_pb.DESCRIPTOR.services_by_name["BatchFileService"],
                ),
            ],
            BATCH_CALLERS,
            background=[
                catalogue.keep,
                wakeups.keep,
                Poller(upkeep.step, settings.sweep_every, "batches are not looked after").keep,
                Poller(filed.step, settings.sweep_every, "files are not looked after").keep,
            ],
            databases=[connections],
            needs={"catalogue": catalogue.fresh},
            end_streams=streams.end,
        )


if __name__ == "__main__":
    run(main)
