from dataclasses import replace
from datetime import date

import pytest

from services.concepts.criteria import CriterionLimit
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber, EstablishmentNumber
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.organization import SectorInstitution
from services.concepts.resolved_enterprise import EnterpriseState, ResolvedEnterprise
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.subject import SubjectKind
from services.routing.model import InvalidContent, Payload, Plan
from services.routing.model.findings import Known, Located
from services.routing.rules.planning import plan
from tests.services.routing import examples as ex

DENIED = Denied("NOT_IN_FORCE", None, "v1")
REPLACED = ResolvedSsin(SsinState.REPLACED, replaced_by=ex.SUCCESSOR)
UNKNOWN = ResolvedSsin(SsinState.UNKNOWN)
DECEASED = ResolvedSsin(SsinState.ACTIVE, deceased_on=IncompleteDate(2024, 3))
NOBODY = Located(frozenset(), frozenset())
BAD_DAY = InvalidContent("date", "must be a calendar day")


FIRST_ALONE = CriterionLimit(field="sources", values=("SOURCE_FIRST",))
LIMITED = replace(ex.granted, criteria=(FIRST_ALONE,))
first, second, odd = (
    Payload("example.v1.Criteria", one) for one in (b"\x08\1", b"\x08\2", b"\xff")
)


def planned(verdict=ex.granted, person=None, located=None, served=ex.contract, **changes):
    known = Known(person or ex.known.person, located or ex.known.located)
    malformed = "ssin" in changes and changes["ssin"] is None
    catalogue = replace(ex.catalogue, contracts={ex.NAME: served})
    question = replace(ex.question, **changes)
    return plan(question, catalogue, verdict, None if malformed else known)


# The order is the law of the decision: whatever else is wrong too, the first check speaks.
@pytest.mark.parametrize(
    ("code", "because", "situation"),
    [
        ("MSG00013", "NOT_IN_FORCE", {"verdict": DENIED, "ssin": None}),
        ("MSG00013", "NOT_IN_FORCE", {"verdict": DENIED, "person": UNKNOWN}),
        ("MSG00013", "NOT_IN_FORCE", {"verdict": DENIED, "located": NOBODY}),
        ("MSG00013", "DATA_CONTRACT_UNKNOWN", {"contract": ContractName("OTHER", 1), "ssin": None}),
        ("MSG00013", "CRITERIA_NOT_COVERED", {"verdict": LIMITED, "ssin": None}),
        ("MSG00013", "CRITERIA_NOT_COVERED", {"verdict": LIMITED, "person": UNKNOWN}),
        ("MSG00013", "CRITERIA_NOT_COVERED", {"verdict": LIMITED, "criteria": second}),
        ("MSG00008", "CONTENT_INVALID", {"verdict": LIMITED, "criteria": odd, "ssin": None}),
        ("MSG00011", "SSIN_MALFORMED", {"verdict": LIMITED, "criteria": first, "ssin": None}),
        ("MSG00011", "SSIN_MALFORMED", {"ssin": None, "period": BAD_DAY}),
        ("MSG00005", "SSIN_UNKNOWN", {"person": UNKNOWN, "period": BAD_DAY}),
        ("MSG00005", "SSIN_CANCELED", {"person": ResolvedSsin(SsinState.CANCELED)}),
        ("MSG00006", "SSIN_REPLACED", {"person": REPLACED, "located": NOBODY}),
        ("MSG00008", "CONTENT_INVALID", {"period": BAD_DAY, "located": NOBODY}),
        ("MSG00008", "CONTENT_INVALID", {"criteria": Payload("example.v1.Result", b"")}),
        ("MSG00008", "CONTENT_INVALID", {"criteria": Payload("example.v1.Criteria", b"\xff")}),
        ("MSG00008", "CONTENT_INVALID", {"criteria": Payload("example.v1.Criteria", b"\x10\x01")}),
        ("MSG00008", "CONTENT_INVALID", {"criteria": Payload("example.v1.Criteria", b"\x08\x09")}),
        ("MSG00012", "CUSTOMER_NOT_INTEGRATED", {"located": NOBODY, "person": DECEASED}),
        ("MSG00009", "PERSON_DECEASED", {"person": DECEASED}),
    ],
)
def test_ends_with_the_first_check_that_fails(code, because, situation):
    refusal = planned(**situation)

    assert refusal.status.code.code == code
    assert refusal.because == because


ENTERPRISES = replace(ex.contract, subject_kind=SubjectKind.ENTERPRISE)
NUMBER, UNIT = EnterpriseNumber(314_595_348), EstablishmentNumber(2_999_999_073)
CEASED = ResolvedEnterprise(EnterpriseState.CEASED, date(2024, 3, 1))
MALFORMED = InvalidContent("cbe_number", "is no enterprise number: CHECK_DIGITS")


def planned_of(resolved=None, served=ENTERPRISES, verdict=ex.granted, **changes):
    """What is planned about an enterprise."""
    catalogue = replace(ex.catalogue, contracts={ex.NAME: served})
    question = replace(ex.question, **{"ssin": None, "enterprise": NUMBER} | changes)
    return plan(
        question, catalogue, verdict, resolved or ResolvedEnterprise(EnterpriseState.ACTIVE)
    )


def test_asks_every_source_that_may_send_about_an_enterprise_without_any_dossier():
    nobody = replace(ex.granted, quality_codes=frozenset())

    found = planned_of(verdict=nobody)

    assert (found.asked, found.unaware) == ((ex.first, ex.second), ())


def test_sends_no_question_about_an_enterprise_to_who_may_not_send():
    alone = replace(ex.granted, senders=frozenset({SectorInstitution(37, 0)}))

    assert planned_of(verdict=alone).asked == (ex.second,)


@pytest.mark.parametrize(
    ("code", "because", "said", "situation"),
    [
        ("MSG00013", "NOT_IN_FORCE", (), {"verdict": DENIED, "enterprise": MALFORMED}),
        (
            "MSG00008",
            "CONTENT_INVALID",
            (("fieldName", "cbe_number"), ("fieldValue", MALFORMED.description)),
            {"enterprise": MALFORMED},
        ),
        (
            "MSG00008",
            "CONTENT_INVALID",
            (("fieldName", "cbe_number"), ("fieldValue", "the contract is about an enterprise")),
            {"enterprise": UNIT},
        ),
        (
            "MSG00008",
            "CONTENT_INVALID",
            (("fieldName", "cbe_number"), ("fieldValue", "the contract is about a person")),
            {"served": ex.contract},
        ),
        (
            "MSG00008",
            "CONTENT_INVALID",
            (("fieldName", "ssin"), ("fieldValue", "the contract is about an enterprise")),
            {"enterprise": None, "ssin": ex.PERSON},
        ),
        (
            "CBSS11001",
            "ENTERPRISE_UNKNOWN",
            (),
            {"resolved": ResolvedEnterprise(EnterpriseState.UNKNOWN), "period": BAD_DAY},
        ),
        (
            "MSG00008",
            "CONTENT_INVALID",
            (("fieldName", "date"), ("fieldValue", "must be a calendar day")),
            {"resolved": CEASED, "period": BAD_DAY},
        ),
        ("CBSS11002", "ENTERPRISE_CEASED", (("endDate", "2024-03-01"),), {"resolved": CEASED}),
        (
            "CBSS11002",
            "ENTERPRISE_CEASED",
            (),
            {"resolved": ResolvedEnterprise(EnterpriseState.CEASED)},
        ),
    ],
)
def test_ends_about_an_enterprise_with_the_first_check_that_fails(code, because, said, situation):
    refusal = planned_of(**situation)

    assert (refusal.status.code.code, refusal.because) == (code, because)
    assert refusal.status.information == said


def test_a_page_goes_on_where_sources_had_more_and_asks_nobody_else():
    located = Located(frozenset({"002"}), frozenset({ex.SECOND}))

    assert planned(goes_on={ex.SECOND: "2"}).asked == (ex.second,)
    assert planned_of(goes_on={ex.FIRST: "2"}).asked == (ex.first,)
    # Who may no longer be asked is not asked for the rest either.
    gone = planned(goes_on={ex.FIRST: "2"}, located=located)
    assert (gone.asked, gone.unaware) == ((), ())


def test_asks_about_an_enterprise_that_has_ceased_where_the_contract_does():
    asks = replace(ENTERPRISES, asks_about_deceased=True)

    assert isinstance(planned_of(CEASED, served=asks), Plan)


def test_names_the_criterion_that_the_deliberation_does_not_allow():
    outside = planned(verdict=LIMITED, criteria=second)

    assert outside.status.information == (("fieldName", "criteria.sources"),)
    assert isinstance(planned(verdict=LIMITED, criteria=first), Plan)


def test_tells_the_successor_of_a_replaced_number():
    assert planned(person=REPLACED).status.information == (("newSSIN", ex.SUCCESSOR.digits),)


def test_tells_the_day_of_decease_to_who_integrated_the_person():
    assert planned(person=DECEASED).status.information == (("deceaseDate", "2024-03-00"),)


def test_asks_about_the_deceased_where_survivors_have_rights():
    contract = replace(ex.contract, asks_about_deceased=True)

    assert isinstance(planned(person=DECEASED, served=contract), Plan)


def test_answers_a_requester_without_permission_alike_whoever_the_person_is():
    situations = [
        {},
        {"person": UNKNOWN},
        {"person": REPLACED},
        {"located": NOBODY},
        {"ssin": None},
    ]

    assert len({planned(DENIED, **situation) for situation in situations}) == 1


def test_answers_a_requester_without_integration_alike_whatever_sources_hold():
    nowhere = planned(located=NOBODY)

    assert nowhere == planned(located=Located(frozenset(), frozenset({ex.FIRST})))


def test_needs_one_of_the_qualities_that_the_deliberation_names():
    other = Located(frozenset({"020"}), ex.known.located.sources)

    assert planned(located=other).status.code.code == "MSG00012"


@pytest.mark.parametrize(
    ("aware", "senders", "chosen", "asked", "unaware"),
    [
        ({ex.FIRST, ex.SECOND}, {(16, 0), (37, 0)}, (), [ex.first, ex.second], []),
        ({ex.FIRST}, {(16, 0), (37, 0)}, (), [ex.first], [ex.second]),
        (set(), {(16, 0), (37, 0)}, (), [], [ex.first, ex.second]),
        ({ex.FIRST, ex.SECOND}, {(16, 0)}, (), [ex.first], []),
        ({ex.FIRST, ex.SECOND}, {(16, 0), (37, 0)}, (2,), [ex.second], []),
        ({ex.FIRST}, {(16, 0), (37, 0)}, (2,), [], [ex.second]),
        ({ex.FIRST, ex.SECOND}, set(), (), [], []),
    ],
)
def test_asks_the_sources_that_may_send_are_wanted_and_know_the_person(
    aware, senders, chosen, asked, unaware
):
    criteria = Payload("example.v1.Criteria", ex.Criteria(sources=chosen).SerializeToString())
    allowed = frozenset(SectorInstitution(*place) for place in senders)
    found = planned(
        replace(ex.granted, senders=allowed),
        located=Located(frozenset({"002"}), frozenset(aware)),
        criteria=criteria,
    )

    assert list(found.asked) == asked
    assert list(found.unaware) == unaware
