"""The directory, put together."""

from contextlib import AsyncExitStack
from datetime import date

from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import directory_service_pb2_grpc as rpc

from services.directory.callers import CALLERS
from services.directory.servicer import DirectoryServicer
from services.directory.settings import Settings
from services.directory.store import PostgresStore
from services.directory.usecases import CatalogueKeeper, Directory
from services.kit.clock import belgian_day, utc_now
from services.kit.paging import PageTokens
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load


def today() -> date:
    """The calendar day in Belgium."""
    return belgian_day(utc_now())


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    async with AsyncExitStack() as opened:
        store = PostgresStore(
            await opened.enter_async_context(pool(settings.database_dsn, name="directory"))
        )
        catalogues = CatalogueKeeper(
            store,
            interval=settings.catalogue_interval,
            maximum_age=settings.catalogue_maximum_age,
        )
        directory = Directory(store, catalogues, today)
        # All replicas have the database's password, and nobody else: it seals their page tokens.
        tokens = PageTokens(settings.database_dsn.encode())
        await serve(
            settings,
            [
                Service(
                    rpc.add_DirectoryServiceServicer_to_server,
                    DirectoryServicer(directory, tokens),
                    pb.DESCRIPTOR.services_by_name["DirectoryService"],
                )
            ],
            CALLERS,
            background=[catalogues.keep],
            ready=catalogues.fresh,
        )


if __name__ == "__main__":
    run(main)
