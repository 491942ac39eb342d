"""The portal, put together."""

import ssl
from contextlib import AsyncExitStack
from functools import partial

import httpx
import structlog

from pages.portal.catalogue import kinds
from pages.register.site import site as site_of
from services.kit.channels import channel
from services.kit.exposition import Exposition
from services.kit.health import Health
from services.kit.lifetime import run, until_stopped
from services.kit.settings import load
from services.kit.telemetry import Telemetry
from services.kit.tls import ClientTls
from services.portal.fresh import Fresh
from services.portal.peers import Mesh
from services.portal.provider import Provider, Relation
from services.portal.server import listening, renew_always, server_context
from services.portal.sessions import Sessions, redis_at
from services.portal.settings import Settings
from services.portal.web.app import application
from services.portal.web.signing import BACK
from services.portal.web.site import Site

log = structlog.get_logger()


async def main() -> None:
    """Read the settings, open what is needed, answer until told to stop."""
    settings = load(Settings)
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        opened.callback(Telemetry.of("portal", None).close)
        gateway = await enter(
            channel(
                settings.gateway_address,
                server_name=settings.gateway_name,
                tls=ClientTls.of(settings.client_files),
                watches_health=False,
            )
        )
        redis = await enter(redis_at(settings.redis_url))
        http = await enter(
            httpx.AsyncClient(
                verify=ssl.create_default_context(cafile=settings.provider_authority_file),
                timeout=settings.provider_patience.total_seconds(),
            )
        )
        mesh = Mesh(gateway, settings.read_patience)
        site = Site(
            sessions=Sessions(
                redis,
                settings.session_key_file.read_bytes(),
                settings.session_idle,
                settings.session_longest,
                settings.sign_in_patience,
            ),
            provider=Provider(http, _relation(settings)),
            mesh=mesh,
            register=Fresh(mesh.deliberations, lambda read: dict(site_of(read))),
            kinds=Fresh(mesh.contracts, kinds),
            origin=settings.public_origin,
            security_contact=settings.security_contact,
            log_key=settings.log_public_key_file.read_text().strip(),
        )
        context = server_context(settings)
        app = application(site, settings.most_at_once)
        stop = await enter(listening(app, settings.listen_address, context, settings.drain))
        health = Health([], {})
        await enter(health.listen(settings.health_address))
        await enter(Exposition().listen(settings.metrics_address))
        background = [partial(renew_always, context, settings)]
        await until_stopped(stop, health, background, address=settings.listen_address)
    log.info("stopped")


def _relation(settings: Settings) -> Relation:
    return Relation(
        issuer=settings.provider_issuer,
        client=settings.provider_client,
        secret=settings.provider_secret_file.read_text().strip(),
        claim=settings.tokens_claim,
        audience=settings.tokens_audience,
        redirect=settings.public_origin + BACK,
        grace=settings.clock_grace,
    )


if __name__ == "__main__":
    run(main)
