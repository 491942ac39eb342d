"""What coding refuses."""

from services.concepts.failures import (
    AlreadyExists,
    Forbidden,
    Malformed,
    NotFound,
    QuotaSpent,
    StateForbids,
)


class ProjectUnknown(NotFound):
    """There is no such project."""


class RequestReused(AlreadyExists):
    """The identification was used with other content."""


class PlanRefused(Malformed):
    """The plan is not possible; the violations say why."""


class TransitionForbidden(StateForbids):
    """The project cannot take this step where it is in its life."""


class SecondPersonNeeded(Forbidden):
    """Who requested or assessed a project does not decide it."""


class OfficesMixed(Forbidden):
    """Who has acted in one office does not act in the other."""


class OperatorNameless(Forbidden):
    """The certificate of an operator has no common name."""


class DeliberationMissing(StateForbids):
    """No deliberation in force grants the recipient all that the plan names."""


class ProjectNotOpen(StateForbids):
    """The project is not open."""


class ProjectEnded(StateForbids):
    """The last day of the project is past."""


class SourceNotNamed(Forbidden):
    """The caller is not a source of the project."""


class RecipientNotNamed(Forbidden):
    """The caller is not the recipient of the project."""


class NumbersSpent(QuotaSpent):
    """The source has had as many units numbered today as the plan allows."""


class UnitSentAlready(AlreadyExists):
    """Data about a unit were sent already."""


class ReleaseRefused(StateForbids):
    """What was sent may not be released; the violations say why."""


class NotReleased(StateForbids):
    """Nothing is released for the recipient."""


class ReidentificationUnknown(NotFound):
    """There is no such list of codes, or not for the caller."""


class ReidentificationPending(StateForbids):
    """Another list of codes of the project is open; one at a time."""


class ContentDiffers(StateForbids):
    """The digest is not that of what was released."""
