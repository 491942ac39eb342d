"""What the directory refuses. That nobody knows a person is not here: it is an answer."""

from services.concepts.failures import AlreadyExists, Unavailable


class CatalogueStale(Unavailable):
    """The organizations and data contracts have not been read recently enough to decide on."""


class DossierOverlaps(AlreadyExists):
    """The organization has a dossier on this person in this quality for some of these days."""
