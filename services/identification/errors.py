"""What identification refuses as a call. Business refusals are normal answers, and not here."""

from services.concepts.failures import AlreadyExists, Forbidden, Unauthenticated


class OrganizationUnknown(Unauthenticated):
    """The certificate names no organization that is known here, or not with this public key."""


class CustomerNotTheCaller(Forbidden):
    """The customer is neither the organization of the certificate nor one that it manages."""


class RequestIdReused(AlreadyExists):
    """The request identification was used before, for another request."""


class CitizenUnknown(Unauthenticated):
    """The certificate is of no citizen."""
