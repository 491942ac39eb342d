"""Rights, put together."""

from contextlib import AsyncExitStack
from datetime import date
from functools import partial

from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.buffer.v1 import buffer_service_pb2_grpc as buffer_rpc
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.rights.v1 import rights_service_pb2 as pb
from cbss.rights.v1 import rights_service_pb2_grpc as rpc
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc

from services.admission.peers.audit import PeerTrail
from services.admission.usecases import Citizens as AdmittedCitizens
from services.admission.wire import Calls
from services.kit.channels import channel
from services.kit.clock import belgian_day, utc_now
from services.kit.forwarded import issuers
from services.kit.ids import uuid7
from services.kit.poller import Poller
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load
from services.kit.tls import ClientTls
from services.rights.callers import CALLERS
from services.rights.definitions import shipped_law
from services.rights.peers.buffer import PeerBuffer
from services.rights.peers.identification import PeerNumbers
from services.rights.rules.decide import Decider
from services.rights.rules.telling import Teller
from services.rights.servicer import RightsServicer, SupplierServicer
from services.rights.settings import Settings
from services.rights.store import PostgresStore
from services.rights.usecases import Citizens, Judge, Keeping, Rights
from services.rights.wire.questions import Answers
from services.rights.wording import wording


def today() -> date:
    """The calendar day in Belgium."""
    return belgian_day(utc_now())


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings, law = load(Settings), shipped_law()
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        peer = partial(channel, tls=ClientTls.of(settings))
        connections = await enter(pool(settings.database_dsn, name="rights"))
        buffer = await enter(peer(settings.buffer_address, server_name="buffer"))
        identification = await enter(
            peer(settings.identification_address, server_name="identification")
        )
        audit = await enter(peer(settings.audit_address, server_name="audit"))
        trail = PeerTrail(audit_rpc.AuditServiceStub(audit), new_id=uuid7, now=utc_now)
        authorities = issuers(settings)
        facts = PeerBuffer(buffer_rpc.BufferServiceStub(buffer))
        numbers = PeerNumbers(identification_rpc.IdentificationServiceStub(identification))
        store, judge = (
            PostgresStore(connections, utc_now),
            Judge(Decider(law), Teller(law, wording())),
        )
        judge.warm(today())
        citizens = Citizens(facts, numbers, AdmittedCitizens(trail, authorities), judge, today)
        keeping = Keeping(store, numbers, today)
        following = Poller(
            keeping.follow_replacements, settings.follow_every, "replacements not followed yet"
        )
        purging = Poller(keeping.purge, settings.purge_every, "what was told not purged yet")
        calls = Calls("cbss.rights.v1.RightsService", uuid7, utc_now)
        await serve(
            settings,
            [
                Service(
                    rpc.add_RightsServiceServicer_to_server,
                    RightsServicer(citizens, law, calls),
                    pb.DESCRIPTOR.services_by_name["RightsService"],
                ),
                Service(
                    supplier_rpc.add_SupplierServiceServicer_to_server,
                    SupplierServicer(Rights(facts, store, judge), Answers(law, uuid7, utc_now)),
                    supplier_pb.DESCRIPTOR.services_by_name["SupplierService"],
                ),
            ],
            CALLERS,
            background=[following.keep, purging.keep],
            databases=[connections],
        )


if __name__ == "__main__":
    run(main)
