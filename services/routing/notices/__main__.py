"""Push, put together."""

from contextlib import AsyncExitStack
from functools import partial

from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc
from cbss.routing.v1 import notice_service_pb2 as pb
from cbss.routing.v1 import notice_service_pb2_grpc as rpc
from cbss.routing.v1 import submission_service_pb2 as submission_pb
from cbss.routing.v1 import submission_service_pb2_grpc as submission_rpc

from services.admission.peers.audit import PeerTrail as SharedTrail
from services.admission.usecases import Arrivals
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
from services.routing.callers import NOTICE_CALLERS
from services.routing.notices.model import Bounds
from services.routing.notices.peers import PeerDirectory, PeerIdentification, PeerTrail
from services.routing.notices.servicer import NoticeServicer
from services.routing.notices.settings import Settings
from services.routing.notices.store import PostgresStore, Seal
from services.routing.notices.usecases.delivering import Deliveries, Streams
from services.routing.notices.usecases.expiring import Expiry, Halts
from services.routing.notices.usecases.publishing import Publications
from services.routing.peers.catalogue import Catalogues
from services.routing.submissions.servicer import SubmissionServicer
from services.routing.submissions.store import PostgresSubmissions
from services.routing.submissions.usecases import Submissions
from services.routing.usecases import CatalogueMembers
from services.wire.references import decode_reader

CHANNEL = "notice"


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    mesh = ClientTls.of(settings)
    seal = Seal.read(settings.content_key_file)
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        peer = partial(channel, tls=mesh)
        numbers = await enter(peer(settings.identification_address, server_name="identification"))
        directory = directory_rpc.DirectoryServiceStub(
            await enter(peer(settings.directory_address, server_name="directory"))
        )
        audit = await enter(peer(settings.audit_address, server_name="audit"))
        connections = await enter(
            pool(settings.database_dsn, name="notices", most=settings.connections)
        )
        registry = await enter(peer(settings.registry_address, server_name="registry"))
        catalogue = Snapshots(
            decode_reader(registry_rpc.RegistryServiceStub(registry), Catalogues().make)
        )
        wakeups = Wakeups(settings.database_dsn, CHANNEL, settings.sweep_every)
        store = PostgresStore(connections, seal)
        streams = Streams(
            meter()
            .create_gauge(
                "cbss.routing.notices.streams", description="Streams of notices that are open."
            )
            .set
        )
        streams.count(0)
        expired = meter().create_counter(
            "cbss.routing.notices.expired",
            description="Notices that nobody acknowledged in their time.",
        )
        halted = meter().create_gauge(
            "cbss.routing.notices.halted",
            description="Subscribers with so many notices unacknowledged that streams wait.",
        )
        identification = PeerIdentification(identification_rpc.IdentificationServiceStub(numbers))
        subscribers = PeerDirectory(directory, utc_now)
        shared = SharedTrail(audit_rpc.AuditServiceStub(audit), new_id=uuid7, now=utc_now)
        trail = PeerTrail(shared)
        admission = Arrivals(CatalogueMembers(catalogue), trail)
        publications = Publications(
            admission=admission,
            catalogues=catalogue,
            identification=identification,
            directory=subscribers,
            trail=trail,
            store=store,
            seal=seal,
            wakeups=wakeups,
            now=utc_now,
            new_id=uuid7,
            kept=settings.notices_kept,
        )
        deliveries = Deliveries(
            admission=admission,
            catalogues=catalogue,
            identification=identification,
            directory=subscribers,
            trail=trail,
            store=store,
            wakeups=wakeups,
            bounds=Bounds(
                settings.heartbeat,
                settings.stream_life,
                settings.unacknowledged,
                settings.watches,
            ),
            streams=streams,
            now=utc_now,
            new_id=uuid7,
        )
        tokens = PageTokens(seal.token_secret)
        submissions = Submissions(
            admission, publications, PostgresSubmissions(connections), wakeups, utc_now
        )
        servicer = NoticeServicer(publications, deliveries, tokens, uuid7, utc_now)
        expiry = Expiry(store, utc_now, settings.references_kept, expired.add)
        halts = Halts(store, settings.unacknowledged, halted.set)
        await serve(
            settings,
            [
                Service(
                    rpc.add_NoticeServiceServicer_to_server,
                    servicer,
                    pb.DESCRIPTOR.services_by_name["NoticeService"],
                ),
                Service(
                    submission_rpc.add_SubmissionServiceServicer_to_server,
                    SubmissionServicer(submissions, catalogue, uuid7, utc_now),
                    submission_pb.DESCRIPTOR.services_by_name["SubmissionService"],
                ),
            ],
            NOTICE_CALLERS,
            background=[
                catalogue.keep,
                wakeups.keep,
                Poller(halts.step, settings.sweep_every, "nobody counts who waits").keep,
                Poller(expiry.step, settings.sweep_every, "expired notices stay").keep,
            ],
            databases=[connections],
            needs={"catalogue": catalogue.fresh},
            end_streams=streams.end,
        )


if __name__ == "__main__":
    run(main)
