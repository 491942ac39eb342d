from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from cbss.routing.v1 import routing_service_pb2 as routing_pb

from services.admission.errors import CustomerNotTheCaller, OrganizationUnknown
from services.admission.usecases import Arrivals
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure, InvalidArgument
from services.concepts.resolved_enterprise import EnterpriseState, ResolvedEnterprise
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.status import status
from services.concepts.subject import SubjectKind
from services.kit.errors import PeerUnavailable
from services.routing.errors import VolumeSpent
from services.routing.model import Catalogue, Payload, SourceAnswer
from services.routing.model.findings import Located
from services.routing.usecases import CatalogueMembers, Consultations, Exchanges
from services.routing.wire import outcomes, questions
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
    catalogue: object = ex.catalogue
    enterprise: object = ResolvedEnterprise(EnterpriseState.ACTIVE)
    resolved: list[object] = field(default_factory=list)
    located_on: list[object] = field(default_factory=list)
    asked_about: set[object] = field(default_factory=set)
    decided_on: set[object] = field(default_factory=set)

    def current(self):
        return self.catalogue

    async def check(self, party, question, period, day):
        self.decided_on.add(day)
        return self._told(self.verdict)

    async def resolve(self, ssin):
        return self._told(self.person)

    async def resolve_enterprise(self, number):
        self.resolved.append(number)
        return self._told(self.enterprise)

    async def locate(self, ssin, party, question, period, day):
        self.decided_on.add(day)
        self.located_on.append(ssin)
        return self._told(self.located)

    async def ask(self, source, exchange, plan):
        self.said.append(f"asked {source.source_code}")
        self.asked_about.add(exchange.question.ssin)
        data = Payload("example.v1.Result", b"") if self.answer == "MSG00000" else None
        return SourceAnswer(source, status(self.answer), data)

    async def intend(self, exchange, party, plan):
        self._write("intent", plan)

    async def conclude(self, outcome, plan):
        self._write("outcome", outcome)

    def abandon(self, exchange, party, plan, fault, asked):
        self.said.append(f"given up {type(fault).__name__} {[one.source_code for one in asked]}")

    async def refuse(self, exchange, party, refusal):
        self._write("refusal", refusal)

    async def record(self, entry):
        self._write("turned away", entry)

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
    arrivals = Arrivals(CatalogueMembers(mesh), mesh)
    exchanges = Exchanges(*[mesh] * 4, clock=lambda: ex.exchange.received_at)
    return Consultations(arrivals, exchanges, *[mesh] * 3, clock=exchanges.clock)


async def consult(mesh, exchange=ex.exchange):
    return await consultations(mesh).consult(exchange)


async def test_writes_down_before_it_asks_and_before_it_answers():
    mesh = FakeMesh(answer="MSG00000")

    outcome = await consult(mesh)

    assert mesh.said == ["intent", "asked SOURCE_FIRST", "asked SOURCE_SECOND", "outcome"]
    assert outcome.status.code.code == "MSG00000"
    assert outcome.deliberation == ex.granted.deliberation


async def test_all_decide_on_the_day_on_which_the_question_came_in():
    mesh = FakeMesh(person=ResolvedSsin(SsinState.REPLACED, replaced_by=ex.SUCCESSOR))
    mesh.catalogue = replace(
        ex.catalogue, contracts={ex.NAME: replace(ex.contract, goes_on_when_replaced=True)}
    )

    await consult(mesh)

    assert mesh.decided_on == {ex.exchange.day}


async def test_many_are_decided_on_as_each_alone():
    mesh = FakeMesh()
    exchanges = consultations(mesh).exchanges
    party = await CatalogueMembers(mesh).party(ex.exchange.call)
    asked = [
        ex.exchange,
        replace(ex.exchange, question=replace(ex.question, ssin=None)),
        ex.exchange.about(ex.SUCCESSOR),
    ]

    together = await exchanges.decide_all(asked, party, mesh.catalogue)

    assert together == [await exchanges.decide(one, party, mesh.catalogue) for one in asked]


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


ENTERPRISE = EnterpriseNumber(314_595_348)
ABOUT_ENTERPRISES = Catalogue(
    ex.catalogue.organizations,
    {ex.NAME: replace(ex.contract, subject_kind=SubjectKind.ENTERPRISE)},
)


async def test_asks_about_an_enterprise_and_nothing_of_the_directory():
    mesh = FakeMesh(catalogue=ABOUT_ENTERPRISES, answer="MSG00000")

    outcome = await consult(mesh, ex.asking(ssin=None, enterprise=ENTERPRISE))

    assert mesh.said == ["intent", "asked SOURCE_FIRST", "asked SOURCE_SECOND", "outcome"]
    assert outcome.status.code.code == "MSG00000"
    assert (mesh.resolved, mesh.located_on) == ([ENTERPRISE], [])


async def test_asks_nobody_about_an_enterprise_while_identification_is_away():
    mesh = FakeMesh(catalogue=ABOUT_ENTERPRISES, enterprise=PeerUnavailable())

    with pytest.raises(PeerUnavailable):
        await consult(mesh, ex.asking(ssin=None, enterprise=ENTERPRISE))

    assert mesh.said == []


@pytest.mark.parametrize(
    ("asked", "echoed"),
    [("0314.595.348", "0314595348"), ("BE 0314.595.348", "0314595348"), ("12", "12")],
)
async def test_the_answer_echoes_the_number_of_the_enterprise(asked, echoed):
    mesh = FakeMesh(catalogue=ABOUT_ENTERPRISES)
    request = routing_pb.ConsultRequest(cbe_number=asked)
    number = questions.decode_enterprise(asked)

    answer = outcomes.encode_consult_response(
        request, await consult(mesh, ex.asking(ssin=None, enterprise=number))
    )

    assert (answer.cbe_number, answer.HasField("ssin")) == (echoed, False)


@pytest.mark.parametrize("given", [{}, {"ssin": "71713000318", "cbe_number": "0314595348"}])
def test_a_question_is_about_one_thing(given):
    with pytest.raises(InvalidArgument) as refused:
        questions.decode_question(routing_pb.ConsultRequest(**given), ex.DAY)

    assert [one.field for one in refused.value.violations] == ["ssin"]


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

    assert mesh.said == ["given up PeerUnavailable []"]


@pytest.mark.parametrize(
    ("exchange", "failure"),
    [
        (
            replace(ex.exchange, certificate=replace(ex.certificate, public_key_sha256="")),
            OrganizationUnknown,
        ),
        (ex.asking(head=replace(ex.question.head, customer=ex.MANAGER)), CustomerNotTheCaller),
    ],
)
async def test_writes_down_whom_it_turns_away(exchange, failure):
    mesh = FakeMesh()

    with pytest.raises(failure):
        await consult(mesh, exchange)

    assert mesh.said == ["turned away"]
    assert mesh.records[0].reason == failure.reason()


async def test_stops_when_the_expected_volume_is_spent():
    mesh = FakeMesh(verdict=replace(ex.granted, hourly_quota=10), within_volume=False)

    with pytest.raises(VolumeSpent) as spent:
        await consult(mesh)

    assert mesh.said == ["turned away"]
    assert timedelta() < spent.value.retry_after <= timedelta(hours=1)


REPLACED = ResolvedSsin(SsinState.REPLACED, ex.SUCCESSOR)
GOES_ON = Catalogue(
    ex.catalogue.organizations, {ex.NAME: replace(ex.contract, goes_on_when_replaced=True)}
)


async def test_stops_at_a_replaced_number_and_names_the_new_one():
    mesh = FakeMesh(person=REPLACED)

    outcome = await consult(mesh)

    assert (outcome.status.code.code, mesh.said) == ("MSG00006", ["refusal"])
    assert (outcome.replaced_by, outcome.successor) == (ex.SUCCESSOR.digits, None)
    assert mesh.located_on == [ex.PERSON]


async def test_goes_on_with_the_new_number_where_the_contract_does():
    mesh = FakeMesh(person=REPLACED, catalogue=GOES_ON, answer="MSG00000")

    outcome = await consult(mesh)

    assert mesh.said == ["intent", "asked SOURCE_FIRST", "asked SOURCE_SECOND", "outcome"]
    assert mesh.located_on == [ex.PERSON, ex.SUCCESSOR]
    assert mesh.asked_about == {ex.SUCCESSOR}
    assert outcome.successor == ex.SUCCESSOR
    # The trail keeps the number that was used.
    assert mesh.records[-1].exchange.question.ssin == ex.PERSON


@pytest.mark.parametrize(
    ("verdict", "located", "code"),
    [
        (Denied("NOT_IN_FORCE", None, "v1"), ex.known.located, "MSG00013"),
        (ex.granted, Located(frozenset(), frozenset()), "MSG00012"),
    ],
)
async def test_going_on_passes_the_same_checks(verdict, located, code):
    mesh = FakeMesh(person=REPLACED, catalogue=GOES_ON, verdict=verdict, located=located)

    outcome = await consult(mesh)

    assert (outcome.status.code.code, mesh.said) == (code, ["refusal"])
    assert outcome.successor is None


async def test_a_chain_that_ends_with_nobody_stops_everywhere():
    mesh = FakeMesh(person=ResolvedSsin(SsinState.CANCELED), catalogue=GOES_ON)

    assert (await consult(mesh)).status.code.code == "MSG00005"


async def test_the_answer_names_both_numbers():
    mesh = FakeMesh(person=REPLACED, catalogue=GOES_ON, answer="MSG00000")
    request = routing_pb.ConsultRequest(ssin=ex.PERSON.digits)

    answer = outcomes.encode_consult_response(request, await consult(mesh))

    assert (answer.ssin.ssin, answer.ssin.replaces) == (ex.SUCCESSOR.digits, ex.PERSON.digits)
    assert not answer.ssin.HasField("replaced_by")
