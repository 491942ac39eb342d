"""How projects move on, step by step.

Source: the way of a request for coded data: request, feasibility, deliberation, extract, analysis
of small cells, coded delivery; no person opens anything alone.
"""

from collections.abc import Mapping, Set
from datetime import date, datetime
from uuid import UUID, uuid5

from services.coding.errors import (
    NotReleased,
    OfficesMixed,
    OperatorNameless,
    ProjectEnded,
    ProjectNotOpen,
    RecipientNotNamed,
    SecondPersonNeeded,
    SourceNotNamed,
    TransitionForbidden,
)
from services.coding.model import Actor, Office, Project, State, Step
from services.concepts.enterprise_number import EnterpriseNumber

_NEXT: Mapping[State, Set[State]] = {
    State.REQUESTED: {State.FEASIBLE, State.REFUSED, State.CLOSED},
    State.FEASIBLE: {State.APPROVED, State.REFUSED, State.CLOSED},
    State.APPROVED: {State.OPEN, State.CLOSED},
    State.OPEN: {State.RELEASED, State.CLOSED},
    State.RELEASED: {State.DELIVERED, State.CLOSED},
    State.DELIVERED: {State.CLOSED},
    State.CLOSED: frozenset(),
    State.REFUSED: frozenset(),
}
KEYED = frozenset({State.OPEN, State.RELEASED, State.DELIVERED})
"""Where a project has a key."""
DESTRUCTION = "KEY_DESTROYED"


def check_named(actor: Actor) -> None:
    """Refuse who has no name: nobody could say later who it was."""
    if not actor.name:
        raise OperatorNameless


def check_office(actor: Actor, held: Set[Office]) -> None:
    """Refuse who has acted in the other office, whatever the project."""
    if held & {Office.BANK, Office.COMMITTEE} - {actor.office}:
        raise OfficesMixed


def is_repeated(project: Project, to: State, actor: Actor, remark: str) -> bool:
    """Whether this very step was the last one that was taken."""
    last = project.steps[-1]
    return (last.state, last.actor, last.remark) == (to, actor, remark)


def next_step(project: Project, to: State, actor: Actor, at: datetime, remark: str) -> Step:
    """The step to a state; fails where it cannot be taken, or not by this person."""
    if to not in _NEXT[project.state]:
        raise TransitionForbidden
    decides = actor.office is Office.COMMITTEE and to is not State.CLOSED
    if decides and any(step.actor.name == actor.name for step in project.steps):
        raise SecondPersonNeeded
    return Step(to, at, actor, remark, record_id(project.project_id, to.name))


def record_id(project_id: UUID, what: str) -> UUID:
    """How the record of a step is named: anybody who knows the project can look for it."""
    return uuid5(project_id, what)


def destruction_id(project: Project) -> UUID:
    """How the record is named that says that the key was destroyed: after its digest."""
    return record_id(project.project_id, f"{DESTRUCTION} {project.key_digest}")


def check_not_ended(project: Project, today: date) -> None:
    """Refuse what comes after the last day."""
    if project.plan.end_date < today:
        raise ProjectEnded


def check_sending(project: Project, source: EnterpriseNumber, today: date) -> None:
    """Refuse who sends nothing here, or not now; who is no source learns nothing more."""
    if source not in project.plan.sources:
        raise SourceNotNamed
    if project.state is not State.OPEN:
        raise ProjectNotOpen
    check_not_ended(project, today)


def check_receiving(project: Project, recipient: EnterpriseNumber) -> None:
    """Refuse who receives nothing here, or not now."""
    if recipient != project.plan.recipient:
        raise RecipientNotNamed
    if project.state is not State.RELEASED:
        raise NotReleased
