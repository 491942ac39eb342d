"""Ways to a source: through its managing institution, and through other integrators."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import InvalidArgument
from services.concepts.organization import SectorInstitution
from services.concepts.reference import DataContract as Registered
from services.concepts.reference import (
    DeceasedRule,
    Endpoint,
    IntegrationCheck,
    Network,
    Organization,
    Reference,
    Supplier,
)
from services.concepts.resolved_enterprise import EnterpriseState, ResolvedEnterprise
from services.concepts.subject import SubjectKind
from services.routing.model import (
    ContractSource,
    Party,
    Plan,
    Refusal,
)
from services.routing.model.findings import Known, Located
from services.routing.peers.catalogue import Catalogues
from services.routing.rules import answers
from services.routing.rules.planning import plan
from services.routing.wire.questions import decode_question
from services.routing.wire.suppliers import encode_question
from tests.services.routing import examples as ex
from tests.services.routing.test_catalogue import described
from tests.services.routing.test_trail import recorded, request

NIC, FUND, OTHER_FUND = (EnterpriseNumber(number) for number in (899991536, 999999130, 999999229))
FLANDERS, WALLONIA, OWN = (EnterpriseNumber(number) for number in (999999328, 999999427, 899990150))
FUNDS = SectorInstitution(11, 1)
TIME = timedelta(milliseconds=800)

nic = ex.organization(NIC, SectorInstitution(11, 0), managed=frozenset({FUND, OTHER_FUND}))
funds = [
    ContractSource(ex.organization(number, FUNDS), "", TIME, nic) for number in (FUND, OTHER_FUND)
]
itself = ContractSource(nic, "", TIME)
flanders = replace(ex.organization(FLANDERS, SectorInstitution(40, 0)), is_integrator=True)
passing = ContractSource(flanders, "", TIME)
PLACES = frozenset({FUNDS, SectorInstitution(16, 0), SectorInstitution(40, 0)})
granted = replace(ex.granted, senders=PLACES)


def planned(sources, known_by, caller=ex.centre, contract=ex.contract, known=None, **question):
    catalogue = replace(
        ex.catalogue,
        contracts={ex.NAME: replace(contract, sources=tuple(sources))},
        own=OWN,
    )
    located = Located(frozenset({"002"}), frozenset(known_by))
    return plan(
        replace(ex.question, **question),
        catalogue,
        granted,
        known or Known(ex.known.person, located),
        caller,
    )


def registered(*places):
    return Registered(
        ex.NAME,
        "Example",
        "",
        "example.v1.Result",
        described("example"),
        tuple(Supplier(place, "", frozenset({1})) for place in places),
        "",
        IntegrationCheck.OVERLAP,
        0,
        DeceasedRule.STOP,
        False,
    )


def test_a_body_without_a_door_is_asked_through_its_managing_institution():
    listens = Endpoint("nic:1", "nic", False)
    network = [
        Organization(NIC, "NIC", SectorInstitution(11, 0), manages=(FUND,), endpoint=listens),
        Organization(FUND, "Fund", FUNDS),
        Organization(OTHER_FUND, "Managed by nobody", FUNDS),
        Organization(FLANDERS, "Flanders", SectorInstitution(40, 0), network=Network.INTEGRATOR),
        Organization(OWN, "Bank", SectorInstitution(25, 0)),
    ]
    known = Reference(
        1, b"", {one.cbe_number: one for one in network}, {ex.NAME: registered(FUNDS)}
    )

    made = Catalogues().make(known)

    (source,) = made.contracts[ex.NAME].sources
    assert (source.supplier.cbe_number, source.asked.cbe_number) == (FUND, NIC)
    assert source.asked.endpoint is not None
    assert made.organizations[FLANDERS].is_integrator
    assert made.own == OWN


def test_whose_data_are_asked_travels_in_the_question_and_stands_in_the_trail():
    question = encode_question(ex.exchange, ex.plan, funds[1])

    assert question.addressee.cbe_number == OTHER_FUND.digits
    assert not encode_question(ex.exchange, ex.plan, itself).HasField("addressee")


async def test_the_trail_names_the_body_and_who_was_asked_for_it(monkeypatch):
    monkeypatch.setattr(ex, "plan", replace(ex.plan, asked=(funds[0], ex.first)))

    intent = (await recorded(ex.exchange, Party(ex.centre, ex.centre)))[0]

    told = [(one.supplier_cbe_number, one.managing_cbe_number) for one in intent.sources]
    assert told == [(FUND.digits, NIC.digits), (ex.FIRST.digits, "")]


def test_the_bodies_that_know_the_person_are_asked_and_no_other_is_named():
    found = planned([ex.first, *funds], {OTHER_FUND})

    assert (found.asked, found.unaware) == ((funds[1],), (ex.first,))


def test_an_institution_stands_once_for_all_bodies_that_know_nobody():
    found = planned([*funds, ex.first], set())

    assert (found.asked, found.unaware) == ((), (itself, ex.first))
    told = [found.contract.unaware[one.supplier.cbe_number] for one in reversed(found.unaware)]
    given = answers.in_catalogue_order(told, found)
    assert [one.source for one in given] == [itself, ex.first]


def test_about_an_enterprise_the_institution_is_asked_once():
    found = planned(
        funds,
        set(),
        contract=replace(ex.contract, subject_kind=SubjectKind.ENTERPRISE),
        known=ResolvedEnterprise(EnterpriseState.ACTIVE),
        ssin=None,
        enterprise=FUND,
    )

    assert found.asked == (itself,)


def test_an_integrator_is_told_the_way_and_no_other_source_is():
    found = planned([passing, ex.first], {FLANDERS, ex.FIRST})

    assert found.asked == (passing, ex.first)
    assert list(encode_question(ex.exchange, found, passing).via) == [OWN.digits]
    assert not encode_question(ex.exchange, found, ex.first).via


def test_an_integrator_is_not_asked_what_came_through_it():
    found = planned([passing, ex.first], {FLANDERS, ex.FIRST}, caller=flanders, via=(FLANDERS,))
    unasked = planned([passing, ex.first], {FLANDERS, ex.FIRST}, caller=flanders)
    unaware = planned([passing, ex.first], {ex.FIRST}, caller=flanders, via=(FLANDERS,))

    for one in (found, unasked, unaware):
        assert (one.asked, one.unaware) == ((ex.first,), ())


wallonia = replace(ex.organization(WALLONIA, SectorInstitution(69, 0)), is_integrator=True)
LONG = tuple(EnterpriseNumber(number) for number in (100, 200, 300))


@pytest.mark.parametrize(
    ("caller", "via", "code", "because"),
    [
        (ex.centre, (ex.CENTRE,), "MSG00008", "CONTENT_INVALID"),
        (wallonia, (FLANDERS,), "MSG00008", "CONTENT_INVALID"),
        (wallonia, (OWN, WALLONIA), "CBSS11003", "CAME_ROUND"),
        (wallonia, (WALLONIA, FLANDERS, WALLONIA), "CBSS11003", "CAME_ROUND"),
        (wallonia, (*LONG, WALLONIA), "CBSS11003", "INTEGRATORS_SPENT"),
    ],
)
def test_a_question_that_came_no_way_it_can_have_come_ends(caller, via, code, because):
    refusal = planned([passing], {FLANDERS}, caller=caller, via=via)

    assert isinstance(refusal, Refusal)
    assert (refusal.status.code.code, refusal.because) == (code, because)


def test_a_long_way_ends_here_where_no_integrator_has_to_be_asked():
    found = planned([passing, ex.first], {ex.FIRST}, caller=wallonia, via=(*LONG, WALLONIA))
    last = planned([passing], {FLANDERS}, caller=wallonia, via=(*LONG[1:], WALLONIA))

    assert isinstance(found, Plan)
    assert found.asked == (ex.first,)
    assert last.via == (*LONG[1:], WALLONIA, OWN)


@pytest.mark.parametrize(
    ("told", "field"), [(["0899990150"] * 5, "via"), (["0899990150", "12"], "via[1]")]
)
def test_a_way_that_cannot_be_read_is_refused(told, field):
    asked = request()
    asked.via.extend(told)

    with pytest.raises(InvalidArgument) as refused:
        decode_question(asked, ex.DAY)

    assert [one.field for one in refused.value.violations] == [field]


def test_the_most_authentic_source_stands_first_however_it_answered():
    sources = [passing, funds[0], ex.first]
    found = planned(sources, {FLANDERS, FUND, ex.FIRST})
    given = [answers.failed_answer(one, TIME, "AWAY") for one in reversed(found.asked)]

    ordered = answers.in_catalogue_order(given, found)

    assert [one.source for one in ordered] == sources
