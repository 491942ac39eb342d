"""Institutions that go on while a drill runs, and remember what they were answered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from uuid import uuid4

import grpc.aio
from cbss.common.v1 import information_pb2, organization_pb2, period_pb2
from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import directory_service_pb2_grpc as rpc
from cbss.directory.v1 import registration_pb2
from cbss.routing.v1 import routing_service_pb2 as routing_pb
from cbss.routing.v1 import routing_service_pb2_grpc as routing_rpc
from google.type import date_pb2

from sandbox.client import consultation
from sandbox.country import Country

WHO = "pcsw-ghent"
PERSON = "71713000318"
PATIENCE = 5.0
"""Seconds that a caller waits for an answer."""
BETWEEN = 0.1
"""Seconds before a caller goes on after a failure."""
FIRST_YEAR, YEARS = 1980, 40
PROOF = registration_pb2.IdentityProof(
    last_name="Dubois", birth_date=date_pb2.Date(year=1971, month=11, day=30)
)

Asked = routing_pb.ConsultRequest | pb.RegisterPersonRequest


@dataclass
class Remembered:
    """What was asked, with the ticket of the mesh where it was answered as it should."""

    acknowledged: list[tuple[Asked, str]] = field(default_factory=list)
    unknown: list[Asked] = field(default_factory=list)
    """Of which the caller does not know what became: he asks again with the same ticket."""

    def note(self, asked: Asked, ticket: str | None) -> None:
        """Remember how a call ended."""
        if ticket is None:
            self.unknown.append(asked)
        else:
            self.acknowledged.append((asked, ticket))


@dataclass
class Callers:
    """A welfare centre that consults and registers without pause, some calls at a time."""

    country: Country
    in_flight: int
    consulted: Remembered = field(default_factory=Remembered)
    registered: Remembered = field(default_factory=Remembered)
    _answered: asyncio.Event = field(default_factory=asyncio.Event)
    _is_over: bool = False

    async def run(self) -> None:
        """Call until `stop`."""
        numbers = count()
        async with AsyncExitStack() as opened:
            mesh = await opened.enter_async_context(Mesh.of(self.country))
            together = await opened.enter_async_context(asyncio.TaskGroup())
            for _ in range(self.in_flight):
                together.create_task(
                    self._repeat(lambda: self._note(self.consulted, mesh, mesh.question()))
                )
            together.create_task(
                self._repeat(
                    lambda: self._note(self.registered, mesh, mesh.registration(next(numbers)))
                )
            )

    def stop(self) -> None:
        """Call no more."""
        self._is_over = True

    async def answered(self) -> None:
        """Wait until one more consultation is answered."""
        self._answered.clear()
        await self._answered.wait()

    async def _repeat(self, call: Callable[[], Awaitable[None]]) -> None:
        while not self._is_over:
            await call()

    async def _note(self, remembered: Remembered, mesh: "Mesh", asked: Asked) -> None:
        ticket = await mesh.call(asked)
        remembered.note(asked, ticket)
        if ticket is None:
            await asyncio.sleep(BETWEEN)
        elif remembered is self.consulted:
            self._answered.set()


class Mesh:
    """The mesh as the welfare centre calls it."""

    def __init__(self, cbe_number: str, channel: grpc.aio.Channel) -> None:
        self._cbe_number = cbe_number
        self._routing = routing_rpc.RoutingServiceStub(channel)
        self._directory = rpc.DirectoryServiceStub(channel)

    @staticmethod
    @asynccontextmanager
    async def of(country: Country) -> AsyncIterator["Mesh"]:
        """The mesh, connected."""
        identity = country.institution(WHO)
        async with identity.channel() as channel:
            yield Mesh(identity.cbe_number, channel)

    def question(self) -> routing_pb.ConsultRequest:
        """A consultation of the authentic source about a person."""
        return consultation(self._cbe_number, "PCSW:LIVING_WAGE_MEANS_TEST", "HANDICAP", PERSON)

    def registration(self, number: int) -> pb.RegisterPersonRequest:
        """The registration of the person for another year of the past than the one before."""
        year = FIRST_YEAR + number % YEARS
        begin, end = date_pb2.Date(year=year, month=1, day=1), date_pb2.Date(year=year, month=12)
        end.day = 31
        customer = organization_pb2.Organization(cbe_number=self._cbe_number)
        return pb.RegisterPersonRequest(
            information_customer=information_pb2.InformationCustomer(
                ticket=str(uuid4()), customer_identification=customer
            ),
            legal_context="PCSW:REGISTRATION",
            ssin=PERSON,
            register=registration_pb2.REGISTER_SECONDARY,
            quality_code="003",
            period=period_pb2.Period(begin_date=begin, end_date=end),
            proof=PROOF,
        )

    async def call(self, asked: Asked) -> str | None:
        """The ticket of the mesh, if it answers as it should."""
        ask = (
            self._directory.RegisterPerson
            if isinstance(asked, pb.RegisterPersonRequest)
            else self._routing.Consult
        )
        try:
            answer = await ask(asked, timeout=PATIENCE)
        except grpc.aio.AioRpcError:
            return None
        is_good = answer.status.code == "MSG00000"
        return answer.information_cbss.ticket_cbss if is_good else None
