"""A person reads what was decided about him, on which facts, and nobody else does."""

from uuid import uuid4

import asyncpg
import grpc
import pytest
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import decision_notice_service_pb2 as pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as rpc
from cryptography.exceptions import InvalidTag
from google.type import date_pb2

from sandbox.authority import Authority
from services.audit.callers import CALLERS
from services.audit.decisions.model import NewDecision
from services.audit.decisions.store import PostgresDecisions
from services.audit.trail.model import HiddenSubject, Sealed, Stage
from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import pool
from tests.services.audit.reporting import (
    GHENT,
    INSPECTION,
    LIEGE,
    OTHER,
    SOURCE,
    STRANGER,
    acts,
    card,
    outcome,
    reason,
    recorded,
    refusal,
    turned_away,
    violations,
)
from tests.services.audit.serving import SSIN, record, stub

DAY = date_pb2.Date(year=2026, month=11, day=1)
FACT = pb.UsedFact(data_contract="HANDICAP", source_cbe_number=SOURCE, as_of_date=DAY)
MEANS = "https://ghent.example/appeal"


TOMORROW = date_pb2.Date(year=2026, month=11, day=25)


def fact(**others):
    held = {"data_contract": "HANDICAP", "source_cbe_number": SOURCE, "as_of_date": DAY}
    return pb.UsedFact(**{**held, **others})


def decision(**others):
    held = {"right": "LIVING_WAGE", "outcome": pb.DECISION_OUTCOME_REFUSED, "facts_used": [FACT]}
    return pb.Decision(**{**held, "legal_means_url": MEANS, **others})


def told(**others):
    return {"decision_id": str(uuid4()), "ssin": SSIN, "decision": decision(), **others}


@pytest.fixture
async def decide(audit):
    """Calls an RPC by its name through the gateway, with a certificate."""
    raw = rpc.DecisionNoticeServiceStub(await audit.raw(audit.workload("gateway")))

    async def asked(method, metadata, **what):
        return await getattr(raw, method)(
            getattr(pb, f"{method}Request")(**what), metadata=metadata
        )

    return asked


@pytest.fixture
async def got(audit):
    """What the organizations got about two persons, and how many records that are."""
    made = [outcome(GHENT), outcome(GHENT), outcome(LIEGE), outcome(LIEGE)]
    for one in made[1::2]:
        one.subject_ssin = OTHER
    await recorded(audit, *made)
    return len(made)


async def test_a_person_reads_his_decisions_and_no_others(audit, by, decide, got):
    mine, foreign = told(), told(ssin=OTHER)
    await decide("RecordDecision", by[GHENT], **mine)
    await decide("RecordDecision", by[GHENT], **foreign)

    [notice] = (await decide("ListMyDecisions", card())).notices

    assert notice.decision_id == mine["decision_id"]
    assert (notice.cbe_number, notice.name) == (GHENT, f"name of {GHENT}")
    assert notice.decision == mine["decision"]
    rows = [row.entry for _, row in audit.records.rows[got:]]
    assert [one.stage for one in rows] == [Stage.ACT, Stage.ACT, Stage.READING]
    assert [one.subject.digits for one in rows] == [SSIN, OTHER, SSIN]
    assert str(rows[0].ticket) == mine["decision_id"]
    assert not any(b"LIVING_WAGE" in one.ground.content + one.instance for one in rows)


async def test_what_a_decision_says_is_not_kept_in_plain(audit, by, decide, got):
    await decide("RecordDecision", by[GHENT], **told())

    [kept] = audit.decisions.held.values()
    assert b"LIVING_WAGE" not in kept.told.sealed.content
    assert SSIN.encode() not in kept.told.subject.encrypted


async def test_a_person_with_another_number_now_reads_them_too(audit, by, decide, got):
    await decide("RecordDecision", by[GHENT], **told())
    replaced = audit_pb.RecordReplacementRequest(
        event_id=str(uuid4()), ssin=SSIN, replaced_by=OTHER, occurred_at=record().occurred_at
    )
    await (await stub(audit, "identification")).RecordReplacement(replaced)

    assert len((await decide("ListMyDecisions", card(OTHER))).notices) == 1


async def test_a_decision_is_told_once_and_another_under_its_name_is_refused(
    audit, by, decide, got
):
    first = told()
    await decide("RecordDecision", by[GHENT], **first)
    await decide("RecordDecision", by[GHENT], **first)
    granted = decision(outcome=pb.DECISION_OUTCOME_GRANTED)

    for who, change in ((GHENT, {"decision": granted}), (GHENT, {"ssin": OTHER}), (LIEGE, {})):
        call = decide("RecordDecision", by[who], **{**first, **change})
        assert await refusal(call) == "DECISION_DIFFERS"
    assert len(audit.records.rows) == got + 5
    assert len(audit.decisions.held) == 1


async def test_pages_go_on(audit, by, decide, got):
    made = [told() for _ in range(3)]
    for one in made:
        await decide("RecordDecision", by[GHENT], **one)
    who = card()

    first = await decide("ListMyDecisions", who, page_size=2)
    second = await decide("ListMyDecisions", who, page_size=2, page_token=first.next_page_token)

    found = [one.decision_id for one in (*first.notices, *second.notices)]
    assert found == [one["decision_id"] for one in made]
    assert second.next_page_token == ""
    foreign = decide("ListMyDecisions", card(OTHER), page_token=first.next_page_token)
    assert await refusal(foreign) == "PAGE_TOKEN_INVALID"


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision_id": "x"},
        {"ssin": "71713000319"},
        {"decision": None},
        {"decision": decision(right="living wage")},
        {"decision": decision(outcome=0)},
        {"decision": decision(outcome=9)},
        {"decision": decision(facts_used=[])},
        {"decision": decision(facts_used=[FACT] * 51)},
        {"decision": decision(facts_used=[pb.UsedFact(data_contract="H", as_of_date=DAY)])},
        {"decision": decision(facts_used=[pb.UsedFact(source_cbe_number=SOURCE, as_of_date=DAY)])},
        {
            "decision": decision(
                facts_used=[pb.UsedFact(data_contract="H", source_cbe_number=SOURCE)]
            )
        },
        {"decision": decision(facts_used=[fact(as_of_date=TOMORROW)])},
        {"decision": decision(legal_means_url="http://ghent.example")},
        # Not a name that the organization registered, however alike.
        {"decision": decision(legal_means_url="https://ghent.example.evil.example")},
        {"decision": decision(legal_means_url="https://my.ghent.example/appeal")},
        {"decision": decision(legal_means_url=f"{MEANS}/{SSIN}")},
        {"decision": decision(legal_means_url=f"{MEANS}/{'x' * 256}")},
    ],
)
async def test_refuses_a_decision_that_cannot_be_used(audit, by, decide, got, wrong):
    assert await refusal(decide("RecordDecision", by[GHENT], **told(**wrong))) == "INVALID_ARGUMENT"
    assert audit.decisions.held == {}


@pytest.mark.parametrize(
    ("who", "what"),
    [
        (LIEGE, {"decision": decision(facts_used=[FACT, fact(data_contract="LIVING_WAGE")])}),
        (LIEGE, {"decision": decision(facts_used=[FACT, fact(source_cbe_number=GHENT)])}),
        # It got nothing about anybody, or nothing about this person.
        (INSPECTION, {}),
        (LIEGE, {"ssin": "57631410249"}),
    ],
)
async def test_a_decision_rests_on_data_that_were_received(audit, by, decide, got, who, what):
    asked = told(**what)
    with pytest.raises(grpc.aio.AioRpcError) as fault:
        await decide("RecordDecision", by[who], **asked)

    assert reason(fault) == "DATUM_NOT_RECEIVED"
    at = len(asked["decision"].facts_used) - 1
    assert [one.field for one in violations(fault)] == [f"decision.facts_used[{at}]"]
    assert audit.decisions.held == {}
    assert acts(audit, asked["decision_id"]) == [("RecordDecision", "DATUM_NOT_RECEIVED", True)]


async def test_who_is_not_known_tells_and_reads_nothing(audit, by, decide):
    founded = Authority.founded("institutions of the tests")

    assert await refusal(decide("RecordDecision", by[STRANGER], **told())) == "ORGANIZATION_UNKNOWN"
    assert await refusal(decide("RecordDecision", card(), **told())) == "ORGANIZATION_UNKNOWN"
    assert await refusal(decide("ListMyDecisions", card(authority=founded))) == "CITIZEN_UNKNOWN"
    assert await refusal(decide("ListMyDecisions", by[GHENT])) == "CITIZEN_UNKNOWN"
    assert turned_away(audit) == ["ORGANIZATION_UNKNOWN"] * 2 + ["CITIZEN_UNKNOWN"] * 2


@pytest.mark.parametrize(
    "name", [one for one in CALLERS if one.startswith("cbss.audit.v1.DecisionNoticeService/")]
)
async def test_who_is_not_listed_is_refused(audit, name):
    method = name.rpartition("/")[2]
    raw = rpc.DecisionNoticeServiceStub(await audit.raw(audit.workload("operator")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await getattr(raw, method)(getattr(pb, f"{method}Request")())

    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


def test_what_is_sealed_opens_under_its_own_name_and_any_version_only(subject_keys):
    named = uuid4()
    sealed = subject_keys(1, current=1).seal(b"said", named)
    later = subject_keys(1, 2, current=2)

    assert later.open(sealed, named) == b"said"
    with pytest.raises(InvalidTag):
        later.open(sealed, uuid4())


def new(key=b"k" * 16):
    subject, organization = HiddenSubject(key, 1, b"sealed"), EnterpriseNumber(int(GHENT))
    return NewDecision(uuid4(), organization, subject, Sealed(1, b"content"))


async def test_a_decision_is_kept_once_and_found_by_its_person(decisions):
    one, two, foreign = new(), new(), new(b"o" * 16)
    kept = [await decisions.add(each) for each in (one, two, foreign)]

    assert kept[0].told == one
    assert await decisions.add(one) == kept[0] == await decisions.find(one.decision_id)
    assert await decisions.find(uuid4()) is None
    assert await decisions.of_subject([b"k" * 16], 0, 10) == kept[:2]
    assert await decisions.of_subject([b"k" * 16], 0, 1) == kept[:1]
    assert await decisions.of_subject([b"k" * 16], kept[0].sequence, 10) == kept[1:2]


@pytest.mark.parametrize("statement", ["update decision set content = ''", "delete from decision"])
async def test_the_service_changes_nothing_that_was_decided(database, statement):
    async with pool(database.dsn, name="audit") as opened:
        await PostgresDecisions(opened).add(new())

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await opened.execute(statement)
