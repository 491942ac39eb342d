"""Processes that sources attach to, over real mutual TLS; a source, message by message; routing."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import grpc
from cbss.routing.v1 import attach_service_pb2 as pb
from cbss.routing.v1 import attach_service_pb2_grpc as rpc
from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc

from services.admission.usecases import Arrivals
from services.admission.wire import Calls
from services.kit.clock import utc_now
from services.kit.ids import uuid7
from services.kit.server import Service
from services.kit.tls import ClientTls
from services.routing.attaching.model import Bounds
from services.routing.attaching.peers import PeerOthers
from services.routing.attaching.servicer import AttachedSupplierServicer, AttachServicer
from services.routing.attaching.streams import Streams
from services.routing.attaching.usecases import Asked, Attachments
from services.routing.callers import ATTACH_CALLERS
from services.routing.model import Endpoint
from services.routing.usecases import CatalogueMembers
from tests.mesh.asking import reason
from tests.services.directory.serving import forwarded
from tests.services.routing.examples import CENTRE, FIRST, SECOND, catalogue
from tests.services.routing.notices.test_servicer import (
    INSTITUTIONS,
    forwarded_key,
    with_keys,
)
from tests.support.server import served, vouching
from tests.support.waiting import until

PROGRAMS = {
    one: INSTITUTIONS.program(f"NTRBE-{one.digits}", name=one.digits)
    for one in (CENTRE, FIRST, SECOND)
}
BOUNDS = Bounds(
    heartbeat=timedelta(minutes=1),
    life=timedelta(hours=1),
    farewell=timedelta(minutes=1),
    stopping=timedelta(seconds=0.5),
    credit=8,
    streams=4,
    streams_each=3,
)
ATTACHED = Endpoint("attach:1", "routing", True)


def known():
    """The catalogue in which the first source attaches and the second is dialled."""
    organizations = {
        number: replace(one, endpoint=ATTACHED) if number == FIRST else one
        for number, one in catalogue.organizations.items()
    }
    keys = {
        number: forwarded_key(PROGRAMS[number]) if number in PROGRAMS else one.public_keys
        for number, one in organizations.items()
    }
    return with_keys(replace(catalogue, organizations=organizations), keys)


class Knowledge:
    """The catalogue, which changes while streams are open."""

    def __init__(self):
        self.catalogue = known()

    def current(self):
        return self.catalogue

    def withdraw(self, number):
        one = self.catalogue.organizations[number]
        organizations = {
            **self.catalogue.organizations,
            number: replace(one, public_keys=frozenset()),
        }
        self.catalogue = replace(self.catalogue, organizations=organizations)


class Trail:
    """What was put in writing."""

    def __init__(self):
        self.entries = []

    async def record(self, *entries):
        self.entries += entries


class Places:
    """Which process each source is attached to, for all processes."""

    def __init__(self):
        self.attached = set()

    def of(self, address):
        return Presence(self, address)


class Presence:
    """The same, as one process sees it."""

    def __init__(self, places, address):
        self.places, self.address = places, address

    async def keep(self, sources):
        self.places.attached |= {(one, self.address) for one in sources}

    async def forget(self, source):
        self.places.attached.discard((source, self.address))

    async def elsewhere(self, source):
        return [
            address
            for one, address in self.places.attached
            if one == source and address != self.address
        ]


class Process:
    """A process that sources attach to."""

    def __init__(self, bounds):
        self.streams, self.knowledge, self.trail = Streams(), Knowledge(), Trail()
        self.bounds = bounds
        self.strays = []

    def services(self, presence, others):
        attachments = Attachments(
            admission=Arrivals(CatalogueMembers(self.knowledge), self.trail),
            catalogues=self.knowledge,
            streams=self.streams,
            presence=presence,
            bounds=self.bounds,
            count_stray=lambda source, kind: self.strays.append(kind.value),
        )
        attaching = pb.DESCRIPTOR.services_by_name["AttachService"]
        supplying = supplier_pb.DESCRIPTOR.services_by_name["SupplierService"]
        calls = Calls(attaching.full_name, uuid7, utc_now)
        return [
            Service(
                rpc.add_AttachServiceServicer_to_server,
                AttachServicer(attachments, calls),
                attaching,
            ),
            Service(
                supplier_rpc.add_SupplierServiceServicer_to_server,
                AttachedSupplierServicer(Asked(self.streams, presence, others)),
                supplying,
            ),
        ]

    async def serving(self, running, authority):
        self.address = running.address
        gateway = await running.raw(authority.workload("gateway"))
        self.gateway = rpc.AttachServiceStub(gateway)
        self.routing = supplier_rpc.SupplierServiceStub(await running.channel("routing"))

    async def holds(self, count):
        """Wait until so many streams are open."""

        async def so_many():
            return len(self.streams) == count

        await until(so_many)


@asynccontextmanager
async def process(folder, authority, places, bounds=BOUNDS):
    folder.mkdir(exist_ok=True)
    one = Process(bounds)
    address = f"place-{folder.name}"
    presence = places.of(address)
    tls = ClientTls.of(authority.files(folder, authority.workload("routing"), "other"))
    vouched = vouching(folder, institutions=[INSTITUTIONS])
    async with PeerOthers(tls) as others:
        services = one.services(presence, others)
        async with served(
            folder, authority, services, ATTACH_CALLERS, name="routing", **vouched
        ) as running:
            presence.address = running.address
            await one.serving(running, authority)
            yield one


class Source:
    """A source on its stream, message by message."""

    def __init__(self, attach, organization=FIRST, credit=0, claims=None):
        opening = pb.AttachOpening(credit=credit)
        opening.information_customer.ticket = "t-1"
        customer = opening.information_customer.customer_identification
        customer.cbe_number = (claims or organization).digits
        self.opening = pb.AttachRequest(opening=opening)
        self.call = attach.gateway.Attach(metadata=forwarded(PROGRAMS[organization]))

    async def __aenter__(self):
        await self.call.write(self.opening)
        return self

    async def __aexit__(self, *fault):
        self.call.cancel()

    async def read(self):
        """What the mesh says next."""
        told = await self.call.read()
        assert told is not grpc.aio.EOF
        return told

    async def attached(self):
        """What it says first."""
        return (await self.read()).attached

    async def answer(self, number, *tickets):
        answers = [supplier_pb.Answer() for _ in tickets]
        for one, ticket in zip(answers, tickets, strict=True):
            one.information_supplier.ticket = ticket
        response = supplier_pb.AnswerResponse(answers=answers)
        answering = pb.AttachAnswering(number=number, response=response)
        await self.call.write(pb.AttachRequest(answering=answering))

    async def say(self, **said):
        await self.call.write(pb.AttachRequest(**said))

    async def ended(self):
        """Why the stream ended, whatever was still said on it."""
        try:
            while await self.call.read() is not grpc.aio.EOF:
                pass
        except grpc.aio.AioRpcError as fault:
            return reason(fault)
        return "OK"


def asking(attach, *persons, timeout=20):
    """What routing asks of the source, under way."""
    questions = [supplier_pb.Question(ssin=person) for person in persons]
    request = supplier_pb.AnswerRequest(questions=questions, supplier_cbe_number=FIRST.digits)
    return asyncio.ensure_future(attach.routing.Answer(request, timeout=timeout))


def tickets(response):
    return [one.information_supplier.ticket for one in response.answers]
