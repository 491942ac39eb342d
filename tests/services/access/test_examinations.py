"""Decisions explained, drafts tried, and logged decisions taken once more."""

import grpc
import pytest
from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import deliberation_service_pb2 as pb
from cbss.data.v1.social_status_pb2 import AskedSocialStatus, SocialStatusCriteria

from services.access.wire.decisions import Travelling
from tests.support.administering import (
    BLOCK,
    DAY,
    asked,
    draft,
    enacting,
    proposing,
    suspending,
    told,
)
from tests.support.deliberations import ON_TODAY, TODAY


async def test_a_decision_is_explained_rule_by_rule(serving, one, two):
    await one.ProposeDeliberation(proposing())
    await two.EnactDeliberation(enacting())
    granted = await one.ExplainDecision(pb.ExplainDecisionRequest(question=asked()))
    other = asked(data_contract="LIVING_WAGE")
    refused = await one.ExplainDecision(pb.ExplainDecisionRequest(question=other))

    assert granted.decision.HasField("granted")
    assert [rule.holds for rule in granted.rules] == [True] * 8
    assert [rule.holds for rule in refused.rules] == [True, True, True, False]
    decisive = refused.rules[-1]
    assert decisive.rule == access_pb.REFUSAL_REASON_DATA_NOT_COVERED
    assert (decisive.article, decisive.found) == ("data_blocks", "HANDICAP/1")
    assert decisive.needed == "a data block for LIVING_WAGE/1"
    assert refused.legal_basis[0].article == "19"


LIMITED = {
    "contract": "SOCIAL_STATUS",
    "version": 1,
    "modes": ["ONLINE"],
    "criteria": [{"field": "statuses.name", "values": ["BIM_BVT"]}],
    "fields": ["statuses.result"],
}


@pytest.mark.parametrize(
    ("criteria", "granted"),
    [
        (SocialStatusCriteria(statuses=[AskedSocialStatus(name="BIM_BVT")]), True),
        (SocialStatusCriteria(statuses=[AskedSocialStatus(name="LIVING_WAGES_PCSA_HELP")]), False),
        (None, False),
    ],
)
async def test_a_decision_is_explained_with_the_criteria_it_depends_on(one, two, criteria, granted):
    await one.ProposeDeliberation(proposing(data_blocks=[LIMITED]))
    await two.EnactDeliberation(enacting())
    request = pb.ExplainDecisionRequest(question=asked(data_contract="SOCIAL_STATUS"))
    if criteria is not None:
        request.criteria.Pack(criteria)

    explained = await one.ExplainDecision(request)

    assert explained.decision.HasField("granted") is granted
    last = explained.rules[-1]
    assert (last.rule, last.holds) == (access_pb.REFUSAL_REASON_CRITERIA_NOT_COVERED, granted)
    assert last.found == "statuses.name BIM_BVT"
    assert last.article == "data_blocks[0].criteria"


async def test_criteria_of_another_contract_are_not_explained(one, two):
    await one.ProposeDeliberation(proposing())
    await two.EnactDeliberation(enacting())
    request = pb.ExplainDecisionRequest(question=asked())
    request.criteria.Pack(SocialStatusCriteria())

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await one.ExplainDecision(request)

    assert told(refused)[1] == {"criteria": "must be cbss.data.v1.HandicapCriteria"}


async def test_a_limit_is_a_difference_and_another_obligation(one, two, store):
    free = {name: said for name, said in LIMITED.items() if name != "criteria"}
    await one.ProposeDeliberation(proposing(data_blocks=[free]))
    await two.EnactDeliberation(enacting())
    question = asked(data_contract="SOCIAL_STATUS").SerializeToString()
    await store.count(TODAY, {question: 7})
    limited = draft(version=2, valid_from="2026-05-01", data_blocks=[LIMITED])

    compared = await one.CompareDeliberation(pb.CompareDeliberationRequest(document=limited))
    tried = await one.DryRunDeliberation(pb.DryRunDeliberationRequest(document=limited))

    differences = {one.field: one.after for one in compared.differences}
    assert differences["data_blocks[0].criteria"] == "statuses.name BIM_BVT"
    assert (tried.newly_refused, tried.changed) == (0, 7)
    (example,) = tried.examples
    assert [list(example.before.granted.criteria), example.after.granted.criteria[0].field] == [
        [],
        "statuses.name",
    ]


async def test_a_draft_is_tried_on_what_was_really_asked(one, two, store):
    await one.ProposeDeliberation(proposing())
    await two.EnactDeliberation(enacting())
    await store.count(
        TODAY,
        {
            asked().SerializeToString(): 4,
            asked(data_contract="LIVING_WAGE").SerializeToString(): 312,
            asked(legal_context="PCSW:ELSE").SerializeToString(): 9,
        },
    )
    block = {**BLOCK, "contract": "LIVING_WAGE", "fields": ["years"]}
    amended = draft(version=2, valid_from="2026-05-01", data_blocks=[block])
    found = await one.DryRunDeliberation(pb.DryRunDeliberationRequest(document=amended))
    both = draft(version=2, valid_from="2026-05-01", retention_days=7)
    changed = await one.DryRunDeliberation(pb.DryRunDeliberationRequest(document=both))

    assert (found.exchanges, found.newly_allowed, found.newly_refused) == (325, 312, 4)
    assert (found.day.month, found.day.day) == (5, 1)
    assert [one.times for one in found.examples] == [312, 4]
    assert (changed.newly_allowed, changed.newly_refused, changed.changed) == (0, 0, 4)


VARIANTS = (
    {},
    {"data_contract": "LIVING_WAGE"},
    {"legal_context": "PCSW:ELSE"},
    {"mode": access_pb.EXCHANGE_MODE_BATCH},
    {"customer_cbe_number": "0899990249", "customer_sector_institution": None},
)


def logged(serving, count):
    """Decisions as they are taken now, in the form in which the trail has them."""
    questions = [asked(**VARIANTS[at % len(VARIANTS)]) for at in range(count)]
    contents = [one.SerializeToString() for one in questions]
    decided, version = serving.access.check_access(contents, ON_TODAY, Travelling())
    answer = access_pb.CheckAccessResponse.FromString(b"".join(decided))
    for question, decision in zip(questions, answer.decisions, strict=True):
        verdict = decision.granted if decision.HasField("granted") else decision.refused
        yield pb.LoggedDecision(
            question=question,
            day=DAY,
            snapshot_version=version,
            deliberation_number=verdict.deliberation_number,
            deliberation_version=verdict.deliberation_version,
            reason=decision.refused.reason,
        )


async def replayed(operator, decisions):
    """The outcomes of a replay, in calls of the size that one may have."""
    outcomes = []
    for at in range(0, len(decisions), 2000):
        request = pb.ReplayDecisionsRequest(decisions=decisions[at : at + 2000])
        outcomes += [one.outcome for one in (await operator.ReplayDecisions(request)).outcomes]
    return outcomes


async def test_ten_thousand_logged_decisions_are_the_same_after_later_changes(
    serving, one, two, three
):
    before = list(logged(serving, 1000))
    await one.ProposeDeliberation(proposing())
    proposed = list(logged(serving, 1000))
    await two.EnactDeliberation(enacting())
    in_force = list(logged(serving, 5000))
    await two.SuspendDeliberation(suspending())
    suspended = list(logged(serving, 2000))
    await three.EnactDeliberation(enacting())
    again = list(logged(serving, 1000))
    decisions = [*before, *proposed, *in_force, *suspended, *again]

    outcomes = await replayed(one, decisions)

    assert outcomes == [pb.REPLAY_OUTCOME_SAME] * 10_000
    assert {decision.reason for decision in decisions} == {0, 1, 2, 3, 4, 5}


async def test_a_replay_tells_what_was_logged_otherwise_or_on_another_set(serving, one, two):
    await one.ProposeDeliberation(proposing())
    await two.EnactDeliberation(enacting())
    (true,) = logged(serving, 1)
    altered, invented, stranger = (pb.LoggedDecision(), pb.LoggedDecision(), pb.LoggedDecision())
    for copy in (altered, invented, stranger):
        copy.CopyFrom(true)
    altered.reason = access_pb.REFUSAL_REASON_NOT_IN_FORCE
    invented.snapshot_version = true.snapshot_version[:-1] + "x"
    stranger.snapshot_version = "nothing"

    assert await replayed(one, [true, altered, invented, stranger]) == [
        pb.REPLAY_OUTCOME_SAME,
        pb.REPLAY_OUTCOME_DIFFERENT,
        pb.REPLAY_OUTCOME_SET_UNKNOWN,
        pb.REPLAY_OUTCOME_SET_UNKNOWN,
    ]
