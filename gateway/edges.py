"""From the settings of the process to its edge: what Envoy is told, what it trusts and shows."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from gateway.envoy.bootstrap import Edge
from gateway.envoy.clusters import Upstream
from gateway.envoy.filters import Watched
from gateway.envoy.pages import UPSTREAM, Pages
from gateway.limits import PAGES, Limits
from gateway.refusals.log import RefusalLog
from gateway.routes import ROUTES, WATCHES, routes_of
from gateway.secrets import Secrets
from gateway.settings import Settings
from services import mesh
from services.kit.tls import Files

DESCRIPTORS = Path(str(files("cbss").joinpath("descriptors.binpb")))
"""The contracts, as the build compiled them."""


def edge_of(settings: Settings, refusals: RefusalLog, watched: Watched) -> Edge:
    """The edge that the settings describe, with the routes of the table."""
    run = settings.run_directory.absolute()
    return Edge(
        settings.listen_address,
        settings.admin_address,
        ROUTES,
        _upstreams(settings),
        Limits(burst=settings.client_burst, per_second=settings.client_per_second),
        run / "secrets",
        refusals.path,
        DESCRIPTORS,
        settings.open_listen_address,
        watched,
        _pages(settings),
    )


def _pages(settings: Settings) -> Pages | None:
    """Where people come in, if they do anywhere."""
    where, health = settings.portal_address, settings.portal_health_address
    if settings.pages_listen_address is None or where is None or health is None:
        return None
    limits = replace(PAGES, burst=settings.pages_burst, per_second=settings.pages_per_second)
    return Pages(settings.pages_listen_address, Upstream(UPSTREAM, where, health), limits)


def _upstreams(settings: Settings) -> list[Upstream]:
    """The processes behind the edge; streams that stay open have a bound of their own, so that a
    watch too many is refused and never a call."""
    found = []
    for process in mesh.upstreams():
        address, health = (
            getattr(settings, f"{process.name}_{what}") for what in ("address", "health_address")
        )
        whose = process.workload
        found.append(Upstream(process.name, address, health, workload=whose))
        watches = f"{process.name}-{WATCHES}"
        if any(route.upstream == watches for route in routes_of(process)):
            bound = settings.watches
            found.append(Upstream(watches, address, health, workload=whose, calls=bound))
    return found


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
