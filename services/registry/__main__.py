"""The registry, put together."""

from contextlib import AsyncExitStack

from cbss.registry.v1 import registry_service_pb2 as pb
from cbss.registry.v1 import registry_service_pb2_grpc as rpc

from services.concepts.code_lists import code_lists
from services.kit.clock import utc_now
from services.kit.paging import PageTokens
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load
from services.registry.callers import CALLERS
from services.registry.servicer import RegistryServicer
from services.registry.settings import Settings
from services.registry.store import PostgresStore
from services.registry.usecases import Registry
from services.registry.wire import Travelling


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    async with AsyncExitStack() as opened:
        database = await opened.enter_async_context(pool(settings.database_dsn, name="registry"))
        form = Travelling()
        registry = Registry(PostgresStore(database, form), form, code_lists(), utc_now)
        # All replicas have the database's password, and nobody else: it seals their page tokens.
        tokens = PageTokens(settings.database_dsn.encode())
        await serve(
            settings,
            [
                Service(
                    rpc.add_RegistryServiceServicer_to_server,
                    RegistryServicer(registry, tokens),
                    pb.DESCRIPTOR.services_by_name["RegistryService"],
                )
            ],
            CALLERS,
        )


if __name__ == "__main__":
    run(main)
