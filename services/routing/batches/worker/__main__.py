"""A worker on batches, put together."""

import asyncio
import os
from contextlib import AsyncExitStack
from functools import partial

import structlog
from cbss.access.v1 import access_service_pb2_grpc as access_rpc
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc

from services.admission.model import Mode
from services.admission.peers.audit import PeerTrail as SharedTrail
from services.concepts.ssin import Ssin
from services.kit.channels import channel
from services.kit.clock import utc_now
from services.kit.exposition import Exposition
from services.kit.health import Health
from services.kit.ids import uuid7
from services.kit.lifetime import run, until_stopped
from services.kit.postgres import pool
from services.kit.settings import load
from services.kit.snapshots import Snapshots
from services.kit.telemetry import Telemetry
from services.kit.tls import ClientTls
from services.kit.wakeups import Wakeups
from services.routing.batches import wire
from services.routing.batches.model import Order
from services.routing.batches.peers import PeerTrail
from services.routing.batches.store import PostgresBench, Seal
from services.routing.batches.usecases.asking import Asking
from services.routing.batches.usecases.ports import CHANNEL
from services.routing.batches.usecases.working import Limits, Works
from services.routing.batches.worker.lanes import Lanes
from services.routing.batches.worker.settings import Settings
from services.routing.peers.access import PeerAccess
from services.routing.peers.catalogue import Catalogues
from services.routing.peers.counting import EXCHANGES
from services.routing.peers.directory import PeerDirectory
from services.routing.peers.identification import PeerIdentification
from services.routing.peers.suppliers import PeerSuppliers
from services.routing.quota import RedisQuota, redis_at
from services.routing.usecases import CatalogueMembers, Exchanges
from services.wire.references import decode_reader

NOBODY = Ssin(0)
"""No number: asked only to see how long an answer takes."""
log = structlog.get_logger()


async def main() -> None:
    """Read the settings, work until told to stop."""
    settings = load(Settings)
    # Whoever waits for an answer goes first, on the processor too.
    os.nice(settings.niceness)
    mesh = ClientTls.of(settings)
    seal = Seal.read(settings.content_key_file)
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        opened.callback(Telemetry.of("batches_worker", None).close)
        peer = partial(channel, tls=mesh)
        numbers = await enter(peer(settings.identification_address, server_name="identification"))
        access = await enter(peer(settings.access_address, server_name="access"))
        directory = await enter(peer(settings.directory_address, server_name="directory"))
        audit = await enter(peer(settings.audit_address, server_name="audit"))
        registry = await enter(peer(settings.registry_address, server_name="registry"))
        redis = await enter(redis_at(settings.redis_url))
        connections = await enter(
            pool(settings.database_dsn, name="batches-worker", most=settings.lanes + 2)
        )
        catalogue = Snapshots(
            decode_reader(registry_rpc.RegistryServiceStub(registry), Catalogues().make)
        )
        suppliers = await enter(
            PeerSuppliers(
                mesh=mesh, sources=ClientTls.of(settings, settings.sources_authority_file)
            )
        )
        identification = PeerIdentification(identification_rpc.IdentificationServiceStub(numbers))
        trail = SharedTrail(audit_rpc.AuditServiceStub(audit), new_id=uuid7, now=utc_now)
        wakeups = Wakeups(settings.database_dsn, CHANNEL, settings.sweep_every)
        works = Works(
            catalogues=catalogue,
            members=CatalogueMembers(catalogue),
            exchanges=Exchanges(
                identification=identification,
                access=PeerAccess(access_rpc.AccessServiceStub(access), Mode.BATCH),
                directory=PeerDirectory(directory_rpc.DirectoryServiceStub(directory)),
                sources=suppliers,
                clock=utc_now,
            ),
            asking=Asking(settings.source_deadline, pause=settings.pause),
            trail=PeerTrail(trail),
            quota=RedisQuota(redis, patience=settings.quota_patience, now=utc_now),
            store=PostgresBench(connections, seal),
            forms=wire.Forms(),
            wakeups=wakeups,
            limits=Limits(settings.lease, settings.patience, settings.pause, settings.results_kept),
            now=utc_now,
            count=_count,
        )
        lanes = Lanes(
            works.step,
            lambda: identification.resolve(NOBODY),
            wakeups,
            settings.lanes,
            settings.pause,
        )
        health = Health([], {"catalogue": catalogue.fresh})
        await enter(health.listen(settings.health_address))
        await enter(Exposition().listen(settings.metrics_address))

        async def drain() -> None:
            async with asyncio.timeout(settings.drain.total_seconds()):
                await lanes.stop()

        await until_stopped(drain, health, [catalogue.keep, wakeups.keep, lanes.keep])
    log.info("stopped")


def _count(order: Order, code: str, items: int) -> None:
    EXCHANGES.labels(str(order.question.contract), code).inc(items)


if __name__ == "__main__":
    run(main)
