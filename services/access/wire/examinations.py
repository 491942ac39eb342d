"""Explanations, dry runs and replays as messages."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from cbss.access.v1 import access_service_pb2, deliberation_pb2
from cbss.access.v1 import deliberation_service_pb2 as pb

from services.access.model import (
    ActVersion,
    Change,
    Changed,
    Comparison,
    Criteria,
    Difference,
    Explanation,
    Logged,
    Reason,
    Replayed,
)
from services.access.wire.decisions import decode_question, encode_decision, encode_question
from services.access.wire.deliberations import encode_legal_basis
from services.concepts.failures import invalid
from services.wire import values

MOST_DECISIONS = 2000
USUAL_EXAMPLES, MOST_EXAMPLES = 10, 100


def encode_explain_decision_response(explanation: Explanation) -> pb.ExplainDecisionResponse:
    """An explanation as it is answered."""
    basis: list[deliberation_pb2.LegalBasis] = []
    if explanation.act is not None:
        basis = encode_legal_basis(explanation.act)
    return pb.ExplainDecisionResponse(
        decision=encode_decision(explanation.decision),
        rules=[
            pb.RuleTried(
                rule=_reason(one.rule),
                holds=one.holds,
                article=one.article,
                found=one.found,
                needed=one.needed,
            )
            for one in explanation.tried
        ],
        legal_basis=basis,
        snapshot_version=explanation.snapshot_version,
    )


def encode_compare_deliberation_response(
    version: int, found: Sequence[Difference]
) -> pb.CompareDeliberationResponse:
    """Differences as they are answered."""
    return pb.CompareDeliberationResponse(
        compared_version=version,
        differences=[
            pb.Difference(field=one.field, before=one.before, after=one.after) for one in found
        ],
    )


def decode_examples(request: pb.DryRunDeliberationRequest) -> int:
    """How many examples of each kind are shown."""
    return min(request.examples or USUAL_EXAMPLES, MOST_EXAMPLES)


def encode_dry_run_deliberation_response(
    comparison: Comparison, most: int
) -> pb.DryRunDeliberationResponse:
    """What a draft would change, as it is answered."""
    shown = [
        one
        for change in Change
        for one in [each for each in comparison.changed if each.change is change][:most]
    ]
    return pb.DryRunDeliberationResponse(
        day=values.encode_day(comparison.day),
        exchanges=comparison.exchanges,
        newly_allowed=comparison.times(Change.NEWLY_ALLOWED),
        newly_refused=comparison.times(Change.NEWLY_REFUSED),
        changed=comparison.times(Change.OBLIGATIONS),
        examples=map(_example, shown),
    )


def decode_replay_decisions(request: pb.ReplayDecisionsRequest) -> list[Logged]:
    """The logged decisions of a request; fails naming the field that is wrong."""
    if not 1 <= len(request.decisions) <= MOST_DECISIONS:
        raise invalid("decisions", f"must be 1 to {MOST_DECISIONS}")
    return [_logged(one, f"decisions[{at}]") for at, one in enumerate(request.decisions)]


def encode_replay_decisions_response(outcomes: Sequence[Replayed]) -> pb.ReplayDecisionsResponse:
    """Outcomes as they are answered."""
    return pb.ReplayDecisionsResponse(
        outcomes=[
            pb.Replayed(
                outcome=cast("pb.ReplayOutcome", one.outcome.value),
                decision=None if one.decision is None else encode_decision(one.decision),
            )
            for one in outcomes
        ]
    )


def _logged(one: pb.LoggedDecision, field: str) -> Logged:
    if one.reason not in (0, *Reason):
        raise invalid(f"{field}.reason", "must be one of the listed reasons, or none")
    number = one.deliberation_number
    return Logged(
        decode_question(one.question, f"{field}.question"),
        values.decode_day(one.day, f"{field}.day"),
        one.snapshot_version,
        ActVersion(number, one.deliberation_version) if number else None,
        Reason(one.reason) if one.reason else None,
    )


def _example(changed: Changed) -> pb.DryRunExample:
    return pb.DryRunExample(
        question=encode_question(changed.asked.question),
        times=changed.asked.times,
        before=encode_decision(changed.before),
        after=encode_decision(changed.after),
    )


def _reason(reason: Reason) -> access_service_pb2.RefusalReason:
    return cast("access_service_pb2.RefusalReason", reason.value)


def decode_criteria(request: pb.ExplainDecisionRequest) -> Criteria | None:
    """The criteria of the question that is explained; nothing if it has none."""
    if not request.HasField("criteria"):
        return None
    type_name = request.criteria.type_url.rpartition("/")[2]
    return Criteria(type_name, request.criteria.value)


def decode_asked_on(request: pb.ExplainDecisionRequest) -> date | None:
    """The day as on which a question is asked; nothing means today."""
    return values.decode_day(request.day, "day") if request.HasField("day") else None
