"""The directory, put together."""

from contextlib import AsyncExitStack
from datetime import date
from functools import partial

from cbss.access.v1 import access_service_pb2_grpc as access_rpc
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import directory_service_pb2_grpc as rpc
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc

from services.admission.once import Once, Repeats
from services.admission.peers.access import PeerAccess
from services.admission.peers.audit import PeerTrail
from services.admission.peers.endings import LateEndings
from services.admission.repeats import once_for_each_ticket
from services.admission.usecases import Admission, Operators
from services.admission.usecases import Citizens as AdmittedCitizens
from services.admission.wire import Calls
from services.concepts.code_lists import code_lists
from services.concepts.delays import delays
from services.concepts.quality_words import quality_words
from services.directory.callers import CALLERS
from services.directory.peers.identification import PeerIdentification
from services.directory.peers.registry import PeerRegistry, RegistryShelf
from services.directory.servicer import DirectoryServicer
from services.directory.settings import Settings
from services.directory.store import (
    PostgresMoves,
    PostgresRegisters,
    PostgresStore,
    PostgresSubscriptions,
)
from services.directory.store.spread import spread_of
from services.directory.usecases import (
    CatalogueKeeper,
    CatalogueMembers,
    Citizens,
    Contracting,
    Directory,
    Following,
    Registrar,
    Subscribers,
    Verifier,
)
from services.kit.channels import channel
from services.kit.clock import belgian_day, utc_now
from services.kit.forwarded import issuers
from services.kit.ids import uuid7
from services.kit.meters import show_age
from services.kit.paging import PageTokens
from services.kit.poller import Poller
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load
from services.kit.snapshots import Snapshots
from services.kit.tickets import FORGET_EVERY, Tickets, new_id
from services.kit.tls import ClientTls
from services.wire.references import decode_reader, decode_whole


def today() -> date:
    """The calendar day in Belgium."""
    return belgian_day(utc_now())


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        peer = partial(channel, tls=ClientTls.of(settings))
        identification = await enter(
            peer(settings.identification_address, server_name="identification")
        )
        access = await enter(peer(settings.access_address, server_name="access"))
        audit = await enter(peer(settings.audit_address, server_name="audit"))
        registry = registry_rpc.RegistryServiceStub(
            await enter(peer(settings.registry_address, server_name="registry"))
        )
        database = await enter(pool(settings.database_dsn, name="directory"))
        # Who changes a register waits for the trail: it has a pool of its own, so that nobody who
        # only asks waits too.
        changes = await enter(pool(settings.database_dsn, name="directory-changes"))
        spread = await spread_of(database)
        store = PostgresStore(database, spread)
        references = Snapshots(decode_reader(registry, decode_whole))
        catalogues = CatalogueKeeper(
            RegistryShelf(store, references),
            interval=settings.catalogue_interval,
            maximum_age=settings.catalogue_maximum_age,
            today=today,
            trusted=references.fresh,
        )
        directory = Directory(store, catalogues, code_lists(), today)
        numbers = PeerIdentification(identification_rpc.IdentificationServiceStub(identification))
        trail = PeerTrail(audit_rpc.AuditServiceStub(audit), new_id=uuid7, now=utc_now)
        contracting = Contracting(catalogues, PeerRegistry(registry), trail)
        moves = PostgresMoves(database, spread)
        following = Following(moves, numbers, belgian_day).follow_replacements
        poller = Poller(following, settings.follow_every, "replacements not followed yet")
        deliberations = PeerAccess(access_rpc.AccessServiceStub(access))
        admission = Admission(CatalogueMembers(catalogues), deliberations, trail)
        subscribers = Subscribers(
            *(catalogues, PostgresSubscriptions(database), store, admission, Operators(trail)),
            code_lists(),
            new_id,
        )
        endings = await enter(LateEndings(trail))
        register = settings.national_register_cbe_number
        registrar = Registrar(
            *(catalogues, admission, numbers),
            Verifier(numbers, admission, endings, register, uuid7),
            PostgresRegisters(changes, spread),
            store,
            code_lists(),
            utc_now,
        )
        authorities = issuers(settings)
        admission_of_citizens = AdmittedCitizens(trail, authorities)
        quality_words()  # Words that are not whole stop the start, not the first citizen.
        citizens = Citizens(
            *(catalogues, store, numbers),
            admission_of_citizens,
            delays(),
        )
        # All replicas have the database's password, and nobody else: it seals their page tokens.
        secret = settings.database_dsn.encode()
        tokens, tickets = PageTokens(secret), Tickets(database, secret)
        calls = Calls("cbss.directory.v1.DirectoryService", uuid7, utc_now)
        once = Repeats(tickets, admission.members, trail, calls)
        forgetting = Poller(tickets.forget, FORGET_EVERY, "used tickets stay")
        show_age("catalogue", catalogues.age)
        await serve(
            settings,
            [
                Service(
                    rpc.add_DirectoryServiceServicer_to_server,
                    Once(
                        DirectoryServicer(
                            *(directory, registrar, contracting, subscribers, citizens),
                            *(tokens, calls),
                        ),
                        once_for_each_ticket("cbss.directory.v1.DirectoryService"),
                        once,
                    ),
                    pb.DESCRIPTOR.services_by_name["DirectoryService"],
                )
            ],
            CALLERS,
            background=[references.keep, catalogues.keep, poller.keep, forgetting.keep],
            databases=[database],
            needs={"catalogue": catalogues.fresh},
        )


if __name__ == "__main__":
    run(main)
