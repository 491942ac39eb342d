"""Starts access: settings, store, snapshot, peers, server."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import date, timedelta
from functools import partial

from cbss.access.v1 import access_service_pb2 as pb
from cbss.access.v1 import access_service_pb2_grpc as rpc
from cbss.access.v1 import deliberation_service_pb2 as register_pb
from cbss.access.v1 import deliberation_service_pb2_grpc as register_rpc
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc

from services.access.callers import CALLERS
from services.access.peers import PeerTrail
from services.access.servicer import AccessServicer, DeliberationServicer
from services.access.settings import Settings
from services.access.store.contracts import LiveContracts, RegisteredContracts, own_contracts
from services.access.store.parties import known_members, places
from services.access.store.postgres import PostgresStore
from services.access.store.register import PostgresRegister
from services.access.store.sample import PostgresSample
from services.access.usecases import Access, Callers, Examinations, Register, Today
from services.access.usecases.sampling import Sampling
from services.access.wire.decisions import Travelling
from services.access.wire.publishing import Publisher
from services.admission.peers.audit import PeerTrail as SharedTrail
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.reference import Organization
from services.kit.channels import channel
from services.kit.clock import belgian_day, belgian_days, utc_now
from services.kit.ids import uuid7
from services.kit.meters import show_age
from services.kit.paging import PageTokens
from services.kit.postgres import pool
from services.kit.serve import run, serve
from services.kit.server import Service
from services.kit.settings import load
from services.kit.snapshots import Snapshots
from services.kit.tls import ClientTls
from services.wire.references import decode_reader


def today() -> date:
    """The calendar day in Belgium."""
    return belgian_day(utc_now())


def days_within(tolerance: timedelta) -> Today:
    """The same, and the days by clocks that are at most so far off."""
    now = utc_now()
    return Today(belgian_day(now), belgian_days(now, tolerance))


async def main() -> None:
    """Serve until told to stop."""
    settings = load(Settings)
    async with AsyncExitStack() as opened:
        enter, dsn = opened.enter_async_context, settings.database_dsn
        # What everybody may read has connections of its own: however much is read, the snapshot is
        # verified in time, or nothing would be decided any more.
        connections = await enter(pool(dsn, name="access", most=2, holds=True))
        reading = await enter(pool(dsn, name="access-register"))
        audit = await enter(
            channel(settings.audit_address, server_name="audit", tls=ClientTls.of(settings))
        )
        registry = await enter(
            channel(settings.registry_address, server_name="registry", tls=ClientTls.of(settings))
        )
        make = RegisteredContracts(own_contracts()).make
        known = Snapshots(
            decode_reader(
                registry_rpc.RegistryServiceStub(registry),
                lambda reference: (make(reference), reference.organizations),
            )
        )
        shelf, sample, form = (
            PostgresRegister(reading),
            PostgresSample(reading),
            Travelling(),
        )

        def members() -> Mapping[EnterpriseNumber, Organization]:
            return known.current()[1]

        store = PostgresStore(connections)
        access = Access(
            store,
            utc_now,
            maximum_age=settings.snapshot_maximum_age,
            interval=settings.snapshot_interval,
        )
        trail = SharedTrail(audit_rpc.AuditServiceStub(audit), new_id=uuid7, now=utc_now)
        register = Register(
            access,
            shelf,
            PeerTrail(trail, utc_now),
            LiveContracts(lambda: known.current()[0]),
            lambda: known_members(members().values()),
            today,
        )
        examinations = Examinations(access, register, store, shelf, sample, form, today)
        sampling = Sampling(access, sample, today, settings.sample_interval)
        # All replicas have the database's password, and nobody else: it seals their page tokens.
        tokens = PageTokens(dsn.encode())
        show_age("deliberations", access.age)
        await serve(
            settings,
            [
                Service(
                    rpc.add_AccessServiceServicer_to_server,
                    AccessServicer(
                        access,
                        Callers(members),
                        partial(days_within, settings.clock_tolerance),
                        form,
                    ),
                    pb.DESCRIPTOR.services_by_name["AccessService"],
                ),
                Service(
                    register_rpc.add_DeliberationServiceServicer_to_server,
                    DeliberationServicer(
                        register,
                        examinations,
                        Publisher(members, places(), today),
                        tokens,
                    ),
                    register_pb.DESCRIPTOR.services_by_name["DeliberationService"],
                ),
            ],
            CALLERS,
            background=[access.keep_fresh, sampling.keep, known.keep],
            # What was read is decided on for a while without the database.
            needs={"deliberations": access.ready},
        )


if __name__ == "__main__":
    run(main)
