"""How calls end: stopped, unreadable, or about whom and with what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.admission import model as admission
from services.admission.model import Known
from services.concepts.ssin import Ssin
from services.concepts.status import Status
from services.identification.model.persons import Origin
from services.identification.model.searches import Reason

Admitted = admission.Admitted[Known]
"""A call of an organization that is known."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A call that goes no further: with the status that it ends with."""

    status: Status
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Content that parses but makes no sense: answered with MSG00008, once the caller may know."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call that was let in ends, and about whom it was."""

    status: Status | None
    """Absent when it failed, with the failure as the reason."""
    subjects: tuple[Ssin, ...] = field(default=())
    because: str = ""
    is_act: bool = False
    is_refused: bool = False
    """Whether it was not done although the status does not say so."""
    cut: tuple[str, ...] = ()
    origins: Mapping[Ssin, frozenset[Origin]] = field(default_factory=dict)
    """Which registers' data went out, of each person of whom any did."""
    register: Status | None = None
    """How the National Register answered, if it was asked."""
