"""The buffer over a store in memory, behind mutual TLS."""

import pytest
from cbss.buffer.v1 import buffer_service_pb2 as pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as rpc
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc

from services.admission.usecases import Citizens as AdmittedCitizens
from services.admission.wire import Calls
from services.buffer.callers import CALLERS
from services.buffer.definitions import definitions
from services.buffer.purging import Purging
from services.buffer.servicer import BufferServicer, SupplierServicer
from services.buffer.usecases import Buffer, Citizens
from services.buffer.wire.answers import Answers
from services.kit.clock import utc_now
from services.kit.ids import uuid7
from services.kit.paging import PageTokens
from services.kit.server import Service
from tests.services.buffer.examples import CITIZENS, FED, TODAY, FakeStore, FakeTrail
from tests.support.server import served, vouching


@pytest.fixture
async def buffer(tmp_path, authority):
    """The service over a store in memory."""
    store, trail = FakeStore(*FED), FakeTrail()
    kept = Buffer(store, definitions, lambda _: TODAY)
    name = CITIZENS.own.certificate.subject.rfc4514_string()
    citizens = Citizens(store, AdmittedCitizens(trail, {name}))
    purging = Purging(store, frozenset({"BIRTH_DATE"}), lambda: TODAY)
    calls = Calls("cbss.buffer.v1.BufferService", uuid7, utc_now)
    services = [
        Service(
            rpc.add_BufferServiceServicer_to_server,
            BufferServicer(kept, citizens, purging, PageTokens(b"secret"), calls),
            pb.DESCRIPTOR.services_by_name["BufferService"],
        ),
        Service(
            supplier_rpc.add_SupplierServiceServicer_to_server,
            SupplierServicer(kept, Answers(uuid7, utc_now)),
            supplier_pb.DESCRIPTOR.services_by_name["SupplierService"],
        ),
    ]
    vouched = vouching(tmp_path, citizens=[CITIZENS])
    async with served(tmp_path, authority, services, CALLERS, name="buffer", **vouched) as running:
        running.store, running.trail = store, trail
        yield running
