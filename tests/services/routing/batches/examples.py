"""Batches over a real store, with a mesh in memory that can fail and a trail that keeps each record
once."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.routing.v1 import batch_pb2

from services.admission.model import Call
from services.admission.peers.audit import PeerTrail as SharedTrail
from services.admission.usecases import Arrivals
from services.concepts.failures import Failure
from services.concepts.resolved_enterprise import EnterpriseState, ResolvedEnterprise
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.status import status
from services.kit.ids import uuid7
from services.routing.batches import wire
from services.routing.batches.model import Bounds, Item
from services.routing.batches.peers import PeerTrail
from services.routing.batches.store import PostgresBench, PostgresDesk, PostgresIntake, Seal
from services.routing.batches.usecases.asking import Asking
from services.routing.batches.usecases.keeping import Upkeep
from services.routing.batches.usecases.reading import Readings
from services.routing.batches.usecases.submitting import Submissions
from services.routing.batches.usecases.working import Limits, Works
from services.routing.model import Payload, SourceAnswer
from services.routing.model.findings import Located
from services.routing.notices.usecases.delivering import Streams
from services.routing.usecases import CatalogueMembers, Exchanges
from tests.services.routing import examples as ex
from tests.services.routing.notices.examples import FakeWakeups

NOW = ex.exchange.received_at
SEAL = Seal(b"s" * 32)
KEPT = timedelta(days=30)
LIMITS = Limits(timedelta(seconds=30), timedelta(seconds=20), timedelta(0), KEPT)
RPC = "cbss.routing.v1.BatchService/SubmitBatch"


class Killed(BaseException):
    """The process is no more."""


def person(number):
    """A number of a mock person, the same for the same argument."""
    nine = 80_61_01_000 + number
    return f"{nine:09d}{97 - nine % 97:02d}"


def items(*texts):
    return [Item(text, f"r-{place}", wire.decode_ssin(text)) for place, text in enumerate(texts)]


class FakeAudit:
    """The trail behind its RPC: each record once, by its name."""

    def __init__(self):
        self.records, self.fault = {}, None

    async def RecordExchanges(self, request):
        if self.fault is not None:
            raise self.fault
        for record in request.records:
            self.records.setdefault(record.record_id, record)

    def lines(self):
        """What is recorded of persons."""
        line = record_pb.EXCHANGE_STAGE_LINE
        return [one for one in self.records.values() if one.stage == line]

    def heads(self):
        """Stage and count of what heads batches."""
        line = record_pb.EXCHANGE_STAGE_LINE
        return [
            (record_pb.ExchangeStage.Name(one.stage)[15:], one.subjects_count, one.reason)
            for one in self.records.values()
            if one.stage != line
        ]


@dataclass
class FakeMesh:
    """Identification, access, directory, catalogue and sources; fails where it is told to."""

    verdict: object = ex.granted
    catalogue: object = ex.catalogue
    answer: str = "MSG00000"
    became: dict = field(default_factory=dict)
    unknown: frozenset = frozenset()
    asked: Counter = field(default_factory=Counter)
    checked: int = 0
    dies: str = ""
    """At which step whoever works dies, once."""
    deadly: str = ""
    """The person on whom whoever works dies, always."""
    away: object = None
    silent_about: str = ""
    """The person about whom no source answers."""
    troubles: int = 0
    """How often a source is not there."""

    def die_at(self, step):
        if self.dies == step:
            self.dies = ""
            raise Killed

    def current(self):
        return self.catalogue

    async def check(self, party, question, period, day):
        self.checked += 1
        if isinstance(self.away, Failure):
            raise self.away
        return self.verdict

    async def resolve(self, ssin):
        if ssin.digits == self.deadly:
            raise Killed
        return self.became.get(ssin.digits, ResolvedSsin(SsinState.ACTIVE))

    async def resolve_enterprise(self, number):
        return ResolvedEnterprise(EnterpriseState.ACTIVE)

    async def locate(self, ssin, party, question, period, day):
        if ssin.digits in self.unknown:
            return Located(frozenset(), frozenset())
        return ex.known.located

    async def ask(self, source, exchange, plan):
        await asyncio.sleep(0)
        self.die_at("asking")
        question = exchange.question
        self.asked[(question.ssin or question.number).digits] += 1
        if self.troubles or (question.ssin or question.number).digits == self.silent_about:
            self.troubles = max(0, self.troubles - 1)
            return SourceAnswer(source, status("CBSS20001"), trouble="PEER_UNAVAILABLE")
        data = Payload("example.v1.Result", b"") if self.answer == "MSG00000" else None
        return SourceAnswer(source, status(self.answer), data)

    async def ask_all(self, source, asked):
        return [await self.ask(source, exchange, plan) for exchange, plan in asked]


class FakeQuota:
    """Counts each place of a batch once."""

    def __init__(self):
        self.counted, self.within = Counter(), True

    async def spend_once(self, batch, places, customer, context, hourly, expected):
        if not self.within or 0 < hourly < len(places):
            return False
        self.counted |= Counter({(batch, place): 1 for place in places})
        return True


class DyingBench(PostgresBench):
    """The work bench of a worker that dies between two steps."""

    mesh = None

    async def answer(self, chunk, answered):
        self.mesh.die_at("before the answers are kept")
        kept = await super().answer(chunk, answered)
        self.mesh.die_at("after the answers are kept")
        return kept

    async def finish(self, chunk):
        self.mesh.die_at("before it is finished")
        finished = await super().finish(chunk)
        self.mesh.die_at("after it is finished")
        return finished


class Country:
    """All that has to do with batches, over one database."""

    def __init__(self, connections, chunk=3, limits=LIMITS):
        self.pool, self.mesh, self.audit = connections, FakeMesh(), FakeAudit()
        self.quota, self.wakeups, self.now, self.streams = (
            FakeQuota(),
            FakeWakeups(),
            NOW,
            Streams(),
        )
        clock = lambda: self.now  # noqa: E731
        trail = PeerTrail(SharedTrail(self.audit, new_id=uuid7, now=clock))
        self.arrivals = Arrivals(CatalogueMembers(self.mesh), trail)
        self.intake, self.desk = PostgresIntake(connections, SEAL), PostgresDesk(connections, SEAL)
        self.bench = DyingBench(connections, SEAL)
        object.__setattr__(self.bench, "mesh", self.mesh)
        shared = {"trail": trail, "forms": wire.Forms(), "wakeups": self.wakeups, "now": clock}
        self.submissions = Submissions(
            admission=self.arrivals,
            access=self.mesh,
            catalogues=self.mesh,
            store=self.intake,
            seal=SEAL,
            chunk=chunk,
            **shared,
        )
        self.readings = Readings(
            admission=self.arrivals,
            access=self.mesh,
            store=self.desk,
            bounds=Bounds(timedelta(seconds=5), timedelta(minutes=5), 2),
            streams=self.streams,
            kept=KEPT,
            **shared,
        )
        self.upkeep = Upkeep(self.intake, clock, timedelta(minutes=15))
        self.works = Works(
            catalogues=self.mesh,
            members=CatalogueMembers(self.mesh),
            exchanges=Exchanges(*[self.mesh] * 4, clock=clock),
            asking=Asking(timedelta(seconds=5), pause=timedelta(0)),
            quota=self.quota,
            store=self.bench,
            limits=limits,
            **shared,
        )

    async def submit(self, *texts, told=None, **header):
        """What became of a batch of these persons."""
        order = self.order(**header)

        async def come():
            yield items(*texts) if told is None else told

        return await self.submissions.submit(order, come())

    def order(self, ticket="t-1", context="PCSW:EXAMPLE", **more):
        header = batch_pb2.BatchHeader(
            legal_context=context, data_contract="EXAMPLE", contract_version=1, **more
        )
        header.information_customer.ticket = ticket
        customer = header.information_customer.customer_identification
        customer.cbe_number = ex.CENTRE.digits
        return wire.decode_order(header, self.call(rpc=RPC, ticket=ticket))

    def call(self, organization=ex.CENTRE, rpc="cbss.routing.v1.BatchService/Get", ticket="t-2"):
        return Call(
            ticket=uuid7(),
            rpc=rpc,
            received_at=self.now,
            day=self.now.date(),
            certificate=replace(ex.certificate, organization=organization),
            head=replace(ex.question.head, customer=organization, ticket=ticket),
        )

    async def work(self):
        """Work until there is none; whoever dies is replaced once his lease is over."""
        for _ in range(200):
            try:
                if not await self.works.step():
                    return
            except Killed:
                await self.expire_leases()
        raise TimeoutError

    async def expire_leases(self):
        await self.pool.execute("update batch_chunk set free_at = '-infinity'")

    async def results(self, batch_id, position=0, most=1000):
        reading = await self.readings.list_results(self.call(), batch_id, position, most)
        return [batch_pb2.BatchResult.FromString(one) for one in reading.page.results]
