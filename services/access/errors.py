"""What access can refuse as a call, and what its load job refuses to store.

That an exchange is not covered is not here: it is a decision.
"""

from services.concepts.failures import (
    AlreadyExists,
    Forbidden,
    LostRace,
    Malformed,
    NotFound,
    StateForbids,
    Unauthenticated,
    Unavailable,
)


class SnapshotStale(Unavailable):
    """The deliberations have not been read recently enough to decide on."""


class ClocksDiffer(Unavailable):
    """The day of a question is not today by any clock within the tolerance."""


class VersionAltered(AlreadyExists):
    """The version is stored with another text; an amendment is a version of its own."""


class LegalContextOwned(AlreadyExists):
    """The legal context belongs to another deliberation."""


class AccessionOverlaps(AlreadyExists):
    """The organization has two accessions to the deliberation on one day."""


class DeliberationUnreadable(Malformed):
    """The written form of the deliberation cannot be read."""


class DeliberationUnknown(NotFound):
    """There is no such deliberation, or not in this version, or it is not public."""


class TransitionForbidden(StateForbids):
    """The state of the deliberation does not allow this step."""


class SecondPersonNeeded(Forbidden):
    """Who proposed it, or moved it last, is not who may enact it."""


class EffectInThePast(StateForbids):
    """It would take effect in the past; what was exchanged then was not covered."""


class RequestReused(AlreadyExists):
    """The request identification was used before, with other content."""


class DeliberationMoved(LostRace):
    """Somebody else changed the deliberation meanwhile; look at it again."""


class AccessionRefused(StateForbids):
    """The deliberation takes no accession of this organization."""


class AccessionUnknown(NotFound):
    """No such accession waits to be enacted."""


class OfficesMixed(Forbidden):
    """The person has acted in another office; who prepares never decides."""


class OperatorNameless(Unauthenticated):
    """The operator's certificate does not say who the operator is."""
