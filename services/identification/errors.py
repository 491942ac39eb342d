"""What identification refuses as a call. Business refusals are normal answers, and not here."""

from services.concepts.failures import AlreadyExists


class RequestIdReused(AlreadyExists):
    """The request identification was used before, for another request."""
