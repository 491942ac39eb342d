"""The edge, put together: Envoy, and the program beside it."""

from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial

import structlog
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc

from gateway import process
from gateway.admin import Admin, Readiness
from gateway.edges import DESCRIPTORS, edge_of, secrets_of
from gateway.envoy.bootstrap import bootstrap
from gateway.refusals.log import RefusalLog
from gateway.refusals.recorder import Recorder
from gateway.routes import ROUTES
from gateway.settings import Settings
from gateway.transcoding import Transcoding
from services.kit.channels import channel
from services.kit.expiry import Expiry
from services.kit.exposition import Exposition
from services.kit.health import Health
from services.kit.lifetime import run, until_stopped
from services.kit.settings import load
from services.kit.snapshots import Snapshots
from services.kit.tls import ClientTls

log = structlog.get_logger()


async def main() -> None:
    """Read the settings, write what Envoy reads, run it until told to stop."""
    settings = load(Settings)
    folder = settings.run_directory.absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    refusals, secrets, admin = (
        RefusalLog(folder),
        secrets_of(settings),
        Admin(settings.admin_address),
    )
    transcoding = Transcoding(folder / "transcoding", DESCRIPTORS, ROUTES)
    transcoding.write(())
    edge = edge_of(settings, refusals, transcoding.watched)
    secrets.refresh()
    configuration = folder / "envoy.json"
    binary = settings.envoy_binary or process.wheel_binary()
    # First with all of it in one place: what is watched, Envoy would judge only once it runs.
    for form in (replace(edge, watched=None), edge):
        process.write(bootstrap(form), configuration)
        await process.validate(binary, configuration)
    await admin.end_left_over()
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        audit = await enter(
            channel(settings.audit_address, server_name="audit", tls=ClientTls.of(settings))
        )
        registry = await enter(
            channel(settings.registry_address, server_name="registry", tls=ClientTls.of(settings))
        )
        contracts = Snapshots(transcoding.reader(registry_rpc.RegistryServiceStub(registry)))
        envoy = await enter(
            process.running(
                binary, configuration, workers=settings.workers, log_level=settings.log_level
            )
        )
        readiness = Readiness(admin)
        health = Health([route.service for route in ROUTES], {"envoy": readiness.ready})
        await enter(health.listen(settings.health_address))
        await enter(Exposition().listen(settings.metrics_address))
        recorder = Recorder(refusals, audit_rpc.AuditServiceStub(audit), admin.reopen_logs)
        await until_stopped(
            partial(admin.drained, settle=settings.settle, most=settings.drain),
            health,
            [
                partial(process.watch, envoy),
                secrets.keep,
                recorder.keep,
                readiness.keep,
                contracts.keep,
                Expiry(secrets.endings).keep,
            ],
            address=settings.listen_address,
        )
    log.info("stopped")


if __name__ == "__main__":
    run(main)
