"""Identification, put together."""

from contextlib import AsyncExitStack

from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.identification.v1 import identification_service_pb2 as pb
from cbss.identification.v1 import identification_service_pb2_grpc as rpc

from services.identification.callers import CALLERS
from services.identification.peers.audit import PeerReplacements
from services.identification.relaying import Relaying
from services.identification.servicer import IdentificationServicer
from services.identification.settings import Settings
from services.identification.store.numbers import PostgresStore
from services.identification.store.replacements import PostgresReplacements
from services.identification.usecases.numbers import Identification
from services.identification.usecases.replacements import Relay, Replacements
from services.kit.channels import channel
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load
from services.kit.tls import ClientTls


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    mesh = ClientTls.of(settings)
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        connections = await enter(pool(settings.database_dsn, name="identification"))
        audit = await enter(channel(settings.audit_address, server_name="audit", tls=mesh))
        replacements = PostgresReplacements(connections)
        trail = PeerReplacements(audit_rpc.AuditServiceStub(audit))
        servicer = IdentificationServicer(
            Identification(PostgresStore(connections), settings.knows_mock_numbers),
            Replacements(replacements),
        )
        await serve(
            settings,
            [
                Service(
                    rpc.add_IdentificationServiceServicer_to_server,
                    servicer,
                    pb.DESCRIPTOR.services_by_name["IdentificationService"],
                )
            ],
            CALLERS,
            background=[Relaying(Relay(replacements, trail), settings.relay_every).keep],
        )


if __name__ == "__main__":
    run(main)
