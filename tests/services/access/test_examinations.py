"""Decisions explained, drafts tried, and logged decisions taken once more."""

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import deliberation_service_pb2 as pb

from services.access.wire.decisions import Travelling
from tests.support.administering import (
    BLOCK,
    DAY,
    asked,
    draft,
    enacting,
    proposing,
    suspending,
)
from tests.support.deliberations import TODAY


async def test_a_decision_is_explained_rule_by_rule(mesh, one, two):
    await one.ProposeDeliberation(proposing())
    await two.EnactDeliberation(enacting())
    granted = await one.ExplainDecision(pb.ExplainDecisionRequest(question=asked()))
    other = asked(data_contract="LIVING_WAGE")
    refused = await one.ExplainDecision(pb.ExplainDecisionRequest(question=other))

    assert granted.decision.HasField("granted")
    assert [rule.holds for rule in granted.rules] == [True] * 7
    assert [rule.holds for rule in refused.rules] == [True, True, True, False]
    decisive = refused.rules[-1]
    assert decisive.rule == access_pb.REFUSAL_REASON_DATA_NOT_COVERED
    assert (decisive.article, decisive.found) == ("data_blocks", "HANDICAP/1")
    assert decisive.needed == "a data block for LIVING_WAGE/1"
    assert refused.legal_basis[0].article == "19"


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


def logged(mesh, count):
    """Decisions as they are taken now, in the form in which the trail has them."""
    questions = [asked(**VARIANTS[at % len(VARIANTS)]) for at in range(count)]
    contents = [one.SerializeToString() for one in questions]
    decided, version = mesh.access.check_access(contents, TODAY, Travelling())
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


async def test_ten_thousand_logged_decisions_are_the_same_after_later_changes(mesh, one, two):
    before = list(logged(mesh, 1000))
    await one.ProposeDeliberation(proposing())
    proposed = list(logged(mesh, 1000))
    await two.EnactDeliberation(enacting())
    in_force = list(logged(mesh, 5000))
    await two.SuspendDeliberation(suspending())
    suspended = list(logged(mesh, 2000))
    await one.EnactDeliberation(enacting())
    again = list(logged(mesh, 1000))
    decisions = [*before, *proposed, *in_force, *suspended, *again]

    outcomes = await replayed(one, decisions)

    assert outcomes == [pb.REPLAY_OUTCOME_SAME] * 10_000
    assert {decision.reason for decision in decisions} == {0, 1, 2, 3, 4, 5}


async def test_a_replay_tells_what_was_logged_otherwise_or_on_another_set(mesh, one, two):
    await one.ProposeDeliberation(proposing())
    await two.EnactDeliberation(enacting())
    (true,) = logged(mesh, 1)
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
