"""How acts move on: prepared, decided, recorded, in force."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.registry.errors import (
    ActDecided,
    OperatorNameless,
    RequestReused,
    SecondPersonNeeded,
)
from services.registry.model import Act, Actor, State
from services.registry.rules.changes import Need


def check_named(actor: Actor) -> None:
    """Refuse who has no name: nobody could say later who it was."""
    if not actor.name:
        raise OperatorNameless


def check_same(known: Act, wanted: Act) -> None:
    """Refuse another act under an identification that is used."""
    if (known.changes, known.prepared_by) != (wanted.changes, wanted.prepared_by):
        raise RequestReused


def begin_act(act: Act, need: Need) -> Act:
    """An act that was just prepared, moved on as far as it goes alone."""
    match need:
        case Need.NOTHING:
            moved = State.IN_FORCE
        case Need.RECORD:
            moved = State.APPROVED
        case Need.SECOND_PERSON:
            return act
    return replace(act, state=moved, decided_by=act.prepared_by, decided_at=act.prepared_at)


def decide_act(act: Act, actor: Actor, now: datetime, *, approved: bool) -> Act:
    """An act that a second person decided; it waits for the trail then."""
    if act.state is not State.PREPARED:
        raise ActDecided
    if act.prepared_by == actor.name:
        raise SecondPersonNeeded
    state = State.APPROVED if approved else State.REFUSED
    return replace(act, state=state, decided_by=actor.name, decided_at=now)


def waiting(acts: Iterable[Act]) -> list[Act]:
    """Those that the trail made able to take effect, in the order of their preparation."""
    return sorted(
        (one for one in acts if one.state is State.APPROVED), key=lambda one: one.sequence
    )
