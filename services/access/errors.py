"""What access can refuse as a call, and what its load job refuses to store.

That an exchange is not covered is not here: it is a decision.
"""

from services.concepts.failures import (
    AlreadyExists,
    Forbidden,
    Malformed,
    Unauthenticated,
    Unavailable,
)


class SnapshotStale(Unavailable):
    """The deliberations have not been read recently enough to decide on."""


class OrganizationUnknown(Unauthenticated):
    """The certificate names no organization that is known here, or not with this public key."""


class CustomerNotTheCaller(Forbidden):
    """The customer is neither the organization of the certificate nor one that it manages."""


class VersionAltered(AlreadyExists):
    """The version is stored with another text; an amendment is a version of its own."""


class LegalContextOwned(AlreadyExists):
    """The legal context belongs to another deliberation."""


class AccessionOverlaps(AlreadyExists):
    """The organization has two accessions to the deliberation on one day."""


class DeliberationUnreadable(Malformed):
    """The written form of the deliberation cannot be read."""
