"""The buffer, put together."""

from contextlib import AsyncExitStack
from datetime import date, datetime
from functools import cache

from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.buffer.v1 import buffer_service_pb2 as pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as rpc
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc

from services.admission.peers.audit import PeerTrail
from services.admission.usecases import Citizens as AdmittedCitizens
from services.admission.wire import Calls
from services.buffer.callers import CALLERS
from services.buffer.citizens import words
from services.buffer.definitions import base_kinds, definitions
from services.buffer.peers.identification import PeerReplacements
from services.buffer.purging import Purging
from services.buffer.servicer import BufferServicer, SupplierServicer
from services.buffer.settings import Settings
from services.buffer.store.facts import PostgresStore
from services.buffer.store.keeping import PostgresKeeping
from services.buffer.usecases import Buffer, Citizens, Following
from services.buffer.watch import FeedsWatch
from services.buffer.wire.answers import Answers
from services.kit.channels import channel
from services.kit.clock import belgian_day, day_asked, utc_now
from services.kit.forwarded import issuers
from services.kit.ids import uuid7
from services.kit.paging import PageTokens
from services.kit.poller import Poller
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load
from services.kit.tls import ClientTls


def today() -> date:
    """The calendar day in Belgium."""
    return belgian_day(utc_now())


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    async with AsyncExitStack() as opened:
        connections = await opened.enter_async_context(pool(settings.database_dsn, name="buffer"))
        identification = await opened.enter_async_context(
            channel(
                settings.identification_address,
                server_name="identification",
                tls=ClientTls.of(settings),
            )
        )
        audit = await opened.enter_async_context(
            channel(settings.audit_address, server_name="audit", tls=ClientTls.of(settings))
        )
        store = PostgresStore(connections)
        words()  # Words that are not whole stop the start, not the first citizen.
        trail = PeerTrail(audit_rpc.AuditServiceStub(audit), new_id=uuid7, now=utc_now)
        authorities = issuers(settings)
        citizens = Citizens(store, AdmittedCitizens(trail, authorities))
        calls = Calls("cbss.buffer.v1.BufferService", uuid7, utc_now)

        def day(asked_at: datetime | None) -> date:
            return day_asked(asked_at, utc_now(), settings.clock_tolerance)

        buffer = Buffer(store, cache(definitions), day)
        feed = PeerReplacements(identification_rpc.IdentificationServiceStub(identification))
        following = Following(store, feed).follow_replacements
        purging = Purging(PostgresKeeping(connections), base_kinds(), today)
        forgetting = Poller(purging.step, settings.purge_every, "what may not be kept is kept yet")
        poller = Poller(following, settings.follow_every, "replacements not followed yet")
        # All replicas have the database's password, and nobody else: it seals their page tokens.
        tokens = PageTokens(settings.database_dsn.encode())
        await serve(
            settings,
            [
                Service(
                    rpc.add_BufferServiceServicer_to_server,
                    BufferServicer(buffer, citizens, purging, tokens, calls),
                    pb.DESCRIPTOR.services_by_name["BufferService"],
                ),
                Service(
                    supplier_rpc.add_SupplierServiceServicer_to_server,
                    SupplierServicer(buffer, Answers(uuid7, utc_now)),
                    supplier_pb.DESCRIPTOR.services_by_name["SupplierService"],
                ),
            ],
            CALLERS,
            background=[poller.keep, forgetting.keep, FeedsWatch(store, utc_now, today).keep],
            databases=[connections],
        )


if __name__ == "__main__":
    run(main)
