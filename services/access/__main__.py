"""Starts access: settings, store, snapshot, server."""

from cbss.access.v1 import access_service_pb2 as pb
from cbss.access.v1 import access_service_pb2_grpc as rpc

from services.access.callers import CALLERS
from services.access.servicer import AccessServicer
from services.access.settings import Settings
from services.access.store.postgres import PostgresStore
from services.access.usecases import Access
from services.kit.clock import utc_now
from services.kit.postgres import pool
from services.kit.serve import run, serve
from services.kit.server import Service
from services.kit.settings import load


async def main() -> None:
    """Serve until told to stop."""
    settings = load(Settings)
    async with pool(settings.database_dsn, name="access") as connections:
        access = Access(
            PostgresStore(connections),
            utc_now,
            maximum_age=settings.snapshot_maximum_age,
            interval=settings.snapshot_interval,
        )
        service = Service(
            add=rpc.add_AccessServiceServicer_to_server,
            servicer=AccessServicer(access, utc_now),
            descriptor=pb.DESCRIPTOR.services_by_name["AccessService"],
        )
        await serve(
            settings, [service], CALLERS, background=[access.keep_fresh], ready=access.ready
        )


if __name__ == "__main__":
    run(main)
