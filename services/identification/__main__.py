"""Identification, put together."""

from cbss.identification.v1 import identification_service_pb2 as pb
from cbss.identification.v1 import identification_service_pb2_grpc as rpc

from services.identification.callers import CALLERS
from services.identification.servicer import IdentificationServicer
from services.identification.settings import Settings
from services.identification.store import PostgresStore
from services.identification.usecases import Identification
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    async with pool(settings.database_dsn, name="identification") as connections:
        identification = Identification(PostgresStore(connections), settings.knows_mock_numbers)
        await serve(
            settings,
            [
                Service(
                    rpc.add_IdentificationServiceServicer_to_server,
                    IdentificationServicer(identification),
                    pb.DESCRIPTOR.services_by_name["IdentificationService"],
                )
            ],
            CALLERS,
        )


if __name__ == "__main__":
    run(main)
