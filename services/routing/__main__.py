"""Routing, put together."""

from contextlib import AsyncExitStack
from functools import partial
from time import monotonic

import asyncpg
from cbss.access.v1 import access_service_pb2_grpc as access_rpc
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc
from cbss.routing.v1 import routing_service_pb2 as pb
from cbss.routing.v1 import routing_service_pb2_grpc as rpc
from cbss.routing.v1 import source_service_pb2 as source_pb
from cbss.routing.v1 import source_service_pb2_grpc as source_rpc

from services.admission.model import Mode
from services.admission.peers.audit import PeerTrail as SharedTrail
from services.admission.usecases import Arrivals
from services.kit.channels import channel
from services.kit.clock import utc_now
from services.kit.errors import StoreUnavailable
from services.kit.ids import uuid7
from services.kit.meters import show_age
from services.kit.paging import PageTokens
from services.kit.poller import Poller
from services.kit.serve import Service, run, serve
from services.kit.settings import load
from services.kit.snapshots import Snapshots
from services.kit.tls import ClientTls
from services.kit.wakeups import Wakeups
from services.routing.batches import wire as batches
from services.routing.batches.deferred import Opening
from services.routing.batches.peers import PeerTrail as BatchTrail
from services.routing.batches.store import PostgresIntake, Seal
from services.routing.batches.usecases.deferring import Deferrals
from services.routing.batches.usecases.ports import CHANNEL
from services.routing.batches.usecases.submitting import Submissions
from services.routing.callers import CONSULT_CALLERS
from services.routing.peers.access import PeerAccess
from services.routing.peers.audit import PeerTrail
from services.routing.peers.catalogue import Catalogues
from services.routing.peers.counting import CountingTrail
from services.routing.peers.directory import PeerDirectory
from services.routing.peers.identification import PeerIdentification
from services.routing.peers.suppliers import PeerSuppliers
from services.routing.quota import RedisQuota, redis_at
from services.routing.rules.breaking import Bounds
from services.routing.servicer import RoutingServicer, SourceServicer
from services.routing.settings import Settings
from services.routing.usecases import CatalogueMembers, Consultations, Exchanges
from services.routing.wire.pages import LONGEST
from services.wire.references import decode_reader


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    mesh = ClientTls.of(settings)
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        peer = partial(channel, tls=mesh)
        identification = await enter(
            peer(settings.identification_address, server_name="identification")
        )
        access = await enter(peer(settings.access_address, server_name="access"))
        directory = await enter(peer(settings.directory_address, server_name="directory"))
        audit = await enter(peer(settings.audit_address, server_name="audit"))
        redis = await enter(redis_at(settings.redis_url))
        registry = await enter(peer(settings.registry_address, server_name="registry"))
        catalogue = Snapshots(
            decode_reader(registry_rpc.RegistryServiceStub(registry), Catalogues().make)
        )
        suppliers = await enter(
            PeerSuppliers(
                mesh=mesh,
                sources=ClientTls.of(settings, settings.sources_authority_file),
                bounds=Bounds(questions=settings.source_questions),
            )
        )
        trail = await enter(PeerTrail(audit_rpc.AuditServiceStub(audit), new_id=uuid7, now=utc_now))
        counting = CountingTrail(trail, lambda name: name in catalogue.current().contracts)
        consultations = Consultations(
            admission=Arrivals(CatalogueMembers(catalogue), counting),
            exchanges=Exchanges(
                identification=PeerIdentification(
                    identification_rpc.IdentificationServiceStub(identification)
                ),
                access=PeerAccess(access_rpc.AccessServiceStub(access)),
                directory=PeerDirectory(directory_rpc.DirectoryServiceStub(directory)),
                sources=suppliers,
                clock=utc_now,
            ),
            catalogues=catalogue,
            trail=counting,
            quota=RedisQuota(redis, patience=settings.quota_patience, now=utc_now),
            clock=utc_now,
        )
        # All replicas have the database's password, and nobody else: it seals their page tokens.
        tokens = PageTokens(settings.database_dsn.encode(), LONGEST)
        lines = Poller(
            lambda: suppliers.keep_only(catalogue.current().endpoints()),
            settings.lines_every,
            "lines to suppliers that went not closed yet",
        )
        show_age("catalogue", catalogue.age)
        wakeups = Wakeups(settings.database_dsn, CHANNEL)

        def taking(connections: asyncpg.Pool) -> Submissions:
            if settings.content_key_file is None:
                raise StoreUnavailable
            seal = Seal.read(settings.content_key_file)
            return Submissions(
                admission=consultations.admission,
                access=PeerAccess(access_rpc.AccessServiceStub(access), Mode.BATCH),
                catalogues=catalogue,
                trail=BatchTrail(
                    SharedTrail(audit_rpc.AuditServiceStub(audit), new_id=uuid7, now=utc_now)
                ),
                store=PostgresIntake(connections, seal),
                forms=batches.Forms(),
                seal=seal,
                wakeups=wakeups,
                now=utc_now,
                chunk=1,
            )

        opening = Opening(opened, settings.database_dsn, taking)
        deferrals = Deferrals(consultations, opening.submissions)
        servicer = RoutingServicer(deferrals, tokens, new_id=uuid7, now=utc_now)
        await serve(
            settings,
            [
                Service(
                    rpc.add_RoutingServiceServicer_to_server,
                    servicer,
                    pb.DESCRIPTOR.services_by_name["RoutingService"],
                ),
                Service(
                    source_rpc.add_SourceServiceServicer_to_server,
                    SourceServicer(suppliers.states, monotonic),
                    source_pb.DESCRIPTOR.services_by_name["SourceService"],
                ),
            ],
            CONSULT_CALLERS,
            background=[catalogue.keep, lines.keep, wakeups.keep],
            needs={
                "catalogue": catalogue.fresh,
                "identification": identification.serves,
                "access": access.serves,
                "directory": directory.serves,
                "audit": audit.serves,
            },
        )


if __name__ == "__main__":
    run(main)
