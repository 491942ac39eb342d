"""What the directory refuses. That nobody knows a person is not here: it is an answer."""

from services.concepts.failures import (
    AlreadyExists,
    LostRace,
    Malformed,
    NotFound,
    Unavailable,
)


class CatalogueStale(Unavailable):
    """The organizations and data contracts have not been read recently enough to decide on."""


class DossierOverlaps(AlreadyExists):
    """The organization has a dossier on this person in this quality for some of these days."""


class RegisterBusy(LostRace):
    """Others kept changing the same person's dossiers; repeat the call."""


class ContractRefused(Malformed):
    """The data contract cannot be registered; the violations say why."""


class ContractExists(AlreadyExists):
    """The data contract is registered in this version already, with other content."""


class SubscriptionUnknown(NotFound):
    """There is no such subscription of the customer."""
