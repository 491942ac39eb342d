"""What routing refuses as a call. Business refusals are not here: they are normal answers."""

from services.concepts.failures import Forbidden, QuotaSpent, Unauthenticated, Unavailable


class OrganizationUnknown(Unauthenticated):
    """The certificate names no organization that is known here, or not with this public key."""


class CustomerNotTheCaller(Forbidden):
    """The customer is neither the organization of the certificate nor one that it manages."""


class CatalogueStale(Unavailable):
    """The catalogue of the knowledge directory has not been read recently enough to decide on."""


class VolumeSpent(QuotaSpent):
    """The volume that the deliberation expects is used up for now."""
