"""Identification, put together."""

from contextlib import AsyncExitStack
from functools import partial

from cbss.access.v1 import access_service_pb2_grpc as access_rpc
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.identification.v1 import identification_service_pb2 as pb
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc

from services.admission.peers.audit import PeerTrail
from services.admission.peers.endings import LateEndings
from services.identification.assembly import servicer
from services.identification.callers import CALLERS
from services.identification.model.persons import Origin
from services.identification.peers.audit import PeerReplacements
from services.identification.peers.national_register import PeerNationalRegister
from services.identification.settings import Settings
from services.identification.store.replacements import PostgresReplacements
from services.identification.usecases.replacements import Relay
from services.kit.channels import channel
from services.kit.clock import utc_now
from services.kit.forwarded import issuers
from services.kit.ids import uuid7
from services.kit.poller import Poller
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load
from services.kit.tickets import FORGET_EVERY, Tickets
from services.kit.tls import ClientTls


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        peer = partial(channel, tls=ClientTls.of(settings))
        connections = await enter(pool(settings.database_dsn, name="identification"))
        changes = await enter(pool(settings.database_dsn, name="identification-changes"))
        access = await enter(peer(settings.access_address, server_name="access"))
        register = await enter(
            channel(
                settings.national_register_address,
                server_name=settings.national_register_server_name,
                tls=ClientTls.of(settings, settings.sources_authority_file),
                watches_health=False,
            )
        )
        audit = audit_rpc.AuditServiceStub(
            await enter(peer(settings.audit_address, server_name="audit"))
        )
        trail = PeerTrail(audit, new_id=uuid7, now=utc_now)
        endings = await enter(LateEndings(trail))
        tickets = Tickets(connections, settings.database_dsn.encode())
        forgetting = Poller(tickets.forget, FORGET_EVERY, "used tickets stay")
        relay = Relay(PostgresReplacements(connections), PeerReplacements(audit))
        poller = Poller(relay.relay_replacements, settings.relay_every, "replacements not told yet")
        await serve(
            settings,
            [
                Service(
                    rpc.add_IdentificationServiceServicer_to_server,
                    servicer(
                        connections,
                        changes,
                        access_rpc.AccessServiceStub(access),
                        trail,
                        endings,
                        PeerNationalRegister(
                            supplier_rpc.SupplierServiceStub(register),
                            settings.national_register_deadline,
                        ),
                        knows_mock_numbers=settings.knows_mock_numbers,
                        makes_mock_numbers=settings.makes_mock_numbers,
                        tickets=tickets,
                        # All replicas have the database's password, and nobody else.
                        secret=settings.database_dsn.encode(),
                        sources={
                            Origin.RN_RR: settings.national_register_cbe_number,
                            Origin.BCSS_KSZ: settings.crossroads_bank_cbe_number,
                        },
                        citizens_authorities=issuers(settings),
                    ),
                    pb.DESCRIPTOR.services_by_name["IdentificationService"],
                )
            ],
            CALLERS,
            background=[poller.keep, forgetting.keep],
            databases=[connections],
        )


if __name__ == "__main__":
    run(main)
