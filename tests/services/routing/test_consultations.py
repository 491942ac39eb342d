from dataclasses import dataclass, field, replace

import pytest

from services.concepts.failures import Failure
from services.concepts.status import status
from services.kit.errors import PeerUnavailable
from services.routing.errors import CustomerNotTheCaller, OrganizationUnknown, VolumeSpent
from services.routing.model import Denied, Located, Payload, SourceAnswer
from services.routing.usecases import Consultations
from tests.services.routing import examples as ex


@dataclass
class FakeMesh:
    """Every port at once. `said` keeps what was done, in order."""

    verdict: object = ex.granted
    person: object = ex.known.person
    located: object = ex.known.located
    answer: str = "MSG00100"
    within_volume: bool = True
    trail_is_up: bool = True
    said: list[str] = field(default_factory=list)
    records: list[object] = field(default_factory=list)

    def current(self):
        return ex.catalogue

    async def check(self, party, question, period):
        return self._told(self.verdict)

    async def resolve(self, ssin):
        return self._told(self.person)

    async def locate(self, ssin, party, question, period):
        return self._told(self.located)

    async def ask(self, source, exchange, plan):
        self.said.append(f"asked {source.source_code}")
        data = Payload("example.v1.Result", b"") if self.answer == "MSG00000" else None
        return SourceAnswer(source, status(self.answer), data)

    async def intend(self, exchange, party, plan):
        self._write("intent", plan)

    async def conclude(self, outcome, plan):
        self._write("outcome", outcome)

    async def refuse(self, exchange, party, refusal):
        self._write("refusal", refusal)

    async def turn_away(self, exchange, failure):
        self._write("turned away", failure)

    async def spend(self, customer, context, hourly, expected):
        return self.within_volume

    def _told(self, value):
        if isinstance(value, Failure):
            raise value
        return value

    def _write(self, stage, record):
        if not self.trail_is_up:
            raise PeerUnavailable
        self.said.append(stage)
        self.records.append(record)


def consultations(mesh):
    return Consultations(*[mesh] * 7, clock=lambda: ex.exchange.received_at)


async def consult(mesh, exchange=ex.exchange):
    return await consultations(mesh).consult(exchange)


async def test_writes_down_before_it_asks_and_before_it_answers():
    mesh = FakeMesh(answer="MSG00000")

    outcome = await consult(mesh)

    assert mesh.said == ["intent", "asked SOURCE_FIRST", "asked SOURCE_SECOND", "outcome"]
    assert outcome.status.code.code == "MSG00000"
    assert outcome.deliberation == ex.granted.deliberation


async def test_names_sources_that_do_not_know_the_person_without_asking_them():
    mesh = FakeMesh(located=Located(frozenset({"002"}), frozenset({ex.SECOND})))

    outcome = await consult(mesh)

    assert mesh.said == ["intent", "asked SOURCE_SECOND", "outcome"]
    assert [given.status.code.code for given in outcome.answers] == ["MSG00021", "MSG00100"]


async def test_refuses_without_asking_and_writes_that_down():
    mesh = FakeMesh(verdict=Denied("NOT_IN_FORCE", None, "v1"))

    outcome = await consult(mesh)

    assert mesh.said == ["refusal"]
    assert outcome.status.code.code == "MSG00013"
    assert outcome.deliberation is None


async def test_answers_a_malformed_number_with_a_status():
    mesh = FakeMesh()

    outcome = await consult(mesh, ex.asking(ssin=None))

    assert outcome.status.code.code == "MSG00011"


@pytest.mark.parametrize("peer", ["verdict", "person", "located"])
async def test_asks_no_source_when_a_peer_is_away(peer):
    mesh = FakeMesh(**{peer: PeerUnavailable()})

    with pytest.raises(PeerUnavailable):
        await consult(mesh)

    assert mesh.said == []


async def test_asks_no_source_when_the_trail_is_away():
    mesh = FakeMesh(trail_is_up=False)

    with pytest.raises(PeerUnavailable):
        await consult(mesh)

    assert mesh.said == []


@pytest.mark.parametrize(
    ("exchange", "failure"),
    [
        (
            replace(ex.exchange, certificate=replace(ex.certificate, public_key_sha256="")),
            OrganizationUnknown,
        ),
        (ex.asking(customer=ex.MANAGER), CustomerNotTheCaller),
    ],
)
async def test_writes_down_whom_it_turns_away(exchange, failure):
    mesh = FakeMesh()

    with pytest.raises(failure):
        await consult(mesh, exchange)

    assert mesh.said == ["turned away"]
    assert isinstance(mesh.records[0], failure)


async def test_stops_when_the_expected_volume_is_spent():
    mesh = FakeMesh(verdict=replace(ex.granted, hourly_quota=10), within_volume=False)

    with pytest.raises(VolumeSpent):
        await consult(mesh)

    assert mesh.said == ["turned away"]
