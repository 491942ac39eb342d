"""Who may lead codes back to persons: two people, on a ground of the deliberation, one list at a
time.

Source: the deliberations on coded data; re-identification only by the trusted third party, on a
documented ground, and logged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.admission.model import Granted
from services.coding.errors import (
    ProjectNotOpen,
    ReidentificationUnknown,
    RequestReused,
    SecondPersonNeeded,
    SourceNotNamed,
    TransitionForbidden,
)
from services.coding.model import CODE_BYTES, Actor, CodeList, ListState, Project
from services.coding.rules.lives import KEYED
from services.coding.rules.plans import is_granted
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber

OPEN = (ListState.REQUESTED, ListState.APPROVED)


def check_about(project: Project, source: EnterpriseNumber) -> None:
    """Refuse a project without a key, and who is no source of it."""
    if project.state not in KEYED:
        raise ProjectNotOpen
    if source not in project.plan.sources:
        raise SourceNotNamed


def check_same(known: CodeList, wanted: CodeList) -> None:
    """Refuse another list under an identification that is used."""
    if _content(known) != _content(wanted):
        raise RequestReused


def _content(one: CodeList) -> tuple[object, ...]:
    named = one.project_id, one.ground, one.source, one.remark
    return *named, one.digest, one.requested_by


def decide_list(known: CodeList, actor: Actor, at: datetime, *, approved: bool) -> CodeList:
    """A list that a second person decided."""
    to = ListState.APPROVED if approved else ListState.REFUSED
    if (known.state, known.decided_by) == (to, actor):
        return known
    if known.state is not ListState.REQUESTED:
        raise TransitionForbidden
    if known.requested_by.name == actor.name:
        raise SecondPersonNeeded
    return replace(known, state=to, decided_by=actor, decided_at=at)


def end_list(known: CodeList, at: datetime) -> CodeList:
    """A list that is answered no more."""
    if known.state is ListState.ENDED:
        return known
    if known.state not in OPEN:
        raise TransitionForbidden
    return replace(known, state=ListState.ENDED, ended_at=at)


def check_told(known: CodeList, source: EnterpriseNumber) -> None:
    """Refuse whoever is not told of it; nobody else learns that there is such a list."""
    if known.source != source or known.state is not ListState.APPROVED:
        raise ReidentificationUnknown


def grants_ground(
    project: Project, source: EnterpriseNumber, decisions: Mapping[ContractName, Granted | Denied]
) -> bool:
    """Whether the deliberation of the project grants the source, on the ground, what it sends."""
    return is_granted(project.plan, decisions, source)


def pack(codes: Sequence[bytes]) -> bytes:
    """Codes in an order of their own."""
    return b"".join(sorted(codes))


def unpack(packed: bytes) -> frozenset[bytes]:
    """The codes that were packed."""
    places = range(0, len(packed), CODE_BYTES)
    return frozenset(packed[n : n + CODE_BYTES] for n in places)
