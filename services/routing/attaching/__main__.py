"""Attaching, put together."""

from contextlib import AsyncExitStack
from functools import partial

from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc
from cbss.routing.v1 import attach_service_pb2 as pb
from cbss.routing.v1 import attach_service_pb2_grpc as rpc
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc
from prometheus_client import Counter, Gauge

from services.admission.peers.audit import PeerTrail
from services.admission.usecases import Arrivals
from services.admission.wire import Calls
from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.channels import channel
from services.kit.clock import utc_now
from services.kit.ids import uuid7
from services.kit.poller import Poller
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load
from services.kit.snapshots import Snapshots
from services.kit.tls import ClientTls
from services.routing.attaching.model import Bounds, Stray
from services.routing.attaching.peers import PeerOthers
from services.routing.attaching.servicer import AttachedSupplierServicer, AttachServicer
from services.routing.attaching.settings import Settings
from services.routing.attaching.store import PostgresPresence
from services.routing.attaching.streams import Streams
from services.routing.attaching.usecases import Asked, Attachments
from services.routing.callers import ATTACH_CALLERS
from services.routing.peers.catalogue import Catalogues
from services.routing.usecases import CatalogueMembers
from services.wire.references import decode_reader

STREAMS = Gauge(
    "cbss_routing_attached_streams", "Streams that are open on which sources are asked."
)
STRAYS = Counter(
    "cbss_routing_attached_strays",
    "Answers that nobody waited for, by the number of the supplier and why.",
    ["supplier", "reason"],
)


def _count_stray(source: EnterpriseNumber, kind: Stray) -> None:
    STRAYS.labels(source.digits, kind.value).inc()


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    mesh = ClientTls.of(settings)
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        peer = partial(channel, tls=mesh)
        audit = await enter(peer(settings.audit_address, server_name="audit"))
        registry = await enter(peer(settings.registry_address, server_name="registry"))
        connections = await enter(
            pool(settings.database_dsn, name="attach", most=settings.connections)
        )
        catalogue = Snapshots(
            decode_reader(registry_rpc.RegistryServiceStub(registry), Catalogues().make)
        )
        presence = PostgresPresence(connections, settings.own_address)
        others = await enter(PeerOthers(mesh))
        streams = Streams(STREAMS.set)
        trail = PeerTrail(audit_rpc.AuditServiceStub(audit), new_id=uuid7, now=utc_now)
        attachments = Attachments(
            admission=Arrivals(CatalogueMembers(catalogue), trail),
            catalogues=catalogue,
            streams=streams,
            presence=presence,
            bounds=Bounds(
                settings.heartbeat,
                settings.stream_life,
                settings.farewell,
                settings.stopping,
                settings.credit,
                settings.streams,
                settings.streams_each,
            ),
            count_stray=_count_stray,
        )

        async def tell_others() -> int:
            await presence.keep(list(streams.sources()))
            await others.keep_only(await presence.addresses())
            return 0

        service = pb.DESCRIPTOR.services_by_name["AttachService"]
        await serve(
            settings,
            [
                Service(
                    rpc.add_AttachServiceServicer_to_server,
                    AttachServicer(attachments, Calls(service.full_name, uuid7, utc_now)),
                    service,
                ),
                Service(
                    supplier_rpc.add_SupplierServiceServicer_to_server,
                    AttachedSupplierServicer(Asked(streams, presence, others)),
                    supplier_pb.DESCRIPTOR.services_by_name["SupplierService"],
                ),
            ],
            ATTACH_CALLERS,
            background=[
                catalogue.keep,
                Poller(tell_others, settings.present_every, "others not told who attached").keep,
            ],
            needs={"catalogue": catalogue.fresh, "audit": audit.serves},
            end_streams=streams.end,
        )


if __name__ == "__main__":
    run(main)
