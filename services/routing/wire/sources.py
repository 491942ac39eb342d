"""`cbss.routing.v1`'s states of sources and the guards that know them."""

from collections.abc import Mapping
from datetime import timedelta

from cbss.routing.v1 import source_service_pb2 as pb

from services.concepts.enterprise_number import EnterpriseNumber
from services.routing.rules.breaking import Guard


def encode_states(
    guards: Mapping[EnterpriseNumber, Guard], now: float
) -> pb.ListSourceStatesResponse:
    """How each source fares."""
    ordered = sorted(guards.items())
    return pb.ListSourceStatesResponse(
        sources=[_encode_state(number, guard, now) for number, guard in ordered]
    )


def _encode_state(number: EnterpriseNumber, guard: Guard, now: float) -> pb.SourceState:
    state = pb.SourceState(
        cbe_number=number.digits,
        circuit=f"CIRCUIT_{guard.circuit.name}",
        waiting_count=guard.waiting,
        waiting_limit=guard.bounds.questions,
        answered_count=guard.answered,
        failed_count=guard.failed,
        refused_count=guard.refused,
    )
    left = guard.left_alone(now)
    if left is not None:
        state.tried_again_in.FromTimedelta(timedelta(seconds=left))
    return state
