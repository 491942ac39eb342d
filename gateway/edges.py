"""From the settings of the process to its edge: what Envoy is told, what it trusts and shows."""

from importlib.resources import files
from pathlib import Path

from gateway.envoy.bootstrap import Edge
from gateway.envoy.clusters import Upstream
from gateway.limits import Limits
from gateway.refusals.log import RefusalLog
from gateway.routes import ROUTES
from gateway.secrets import Secrets
from gateway.settings import Settings
from services.kit.tls import Files

DESCRIPTORS = Path(str(files("cbss").joinpath("descriptors.binpb")))
"""The contracts, as the build compiled them."""


def edge_of(settings: Settings, refusals: RefusalLog, transcoding: Path | None = None) -> Edge:
    """The edge that the settings describe, with the routes of the table."""
    run = settings.run_directory.absolute()
    return Edge(
        settings.listen_address,
        settings.admin_address,
        ROUTES,
        [
            Upstream("routing", settings.routing_address, settings.routing_health_address),
            *_notices(settings),
            Upstream("directory", settings.directory_address, settings.directory_health_address),
            Upstream(
                "identification",
                settings.identification_address,
                settings.identification_health_address,
            ),
            Upstream("access", settings.access_address, settings.access_health_address),
            Upstream("audit", settings.audit_address, settings.audit_health_address),
            Upstream("buffer", settings.buffer_address, settings.buffer_health_address),
            Upstream("registry", settings.registry_address, settings.registry_health_address),
        ],
        Limits(burst=settings.client_burst, per_second=settings.client_per_second),
        run / "secrets",
        refusals.path,
        DESCRIPTORS,
        run / "openapi.json",
        settings.open_listen_address,
        transcoding,
    )


def _notices(settings: Settings) -> list[Upstream]:
    """The process that brings notices: its streams have a bound of their own, so that a watch too
    many is refused and never a call."""
    address, health = settings.notices_address, settings.notices_health_address
    return [
        Upstream("notices", address, health, workload="routing"),
        Upstream("watches", address, health, workload="routing", calls=settings.watches),
    ]


def secrets_of(settings: Settings) -> Secrets:
    """The secrets that the settings name."""
    return Secrets(
        settings.run_directory.absolute() / "secrets",
        Files(
            settings.server_certificate_file,
            settings.server_private_key_file,
            settings.institutions_authority_file,
        ),
        Files(settings.certificate_file, settings.private_key_file, settings.authority_file),
        settings.revocation_list_file,
    )
