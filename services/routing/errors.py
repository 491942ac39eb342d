"""What routing refuses as a call. Business refusals are not here: they are normal answers."""

from services.concepts.failures import QuotaSpent, Unavailable


class CatalogueStale(Unavailable):
    """The catalogue of the knowledge directory has not been read recently enough to decide on."""


class VolumeSpent(QuotaSpent):
    """The volume that the deliberation expects is used up for now."""
