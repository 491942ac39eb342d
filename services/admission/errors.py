"""Why somebody is not let in; the reasons are the same whichever service he calls."""

from services.concepts.failures import Forbidden, Unauthenticated


class OrganizationUnknown(Unauthenticated):
    """The certificate is of no organization that was admitted with this key."""


class CustomerNotTheCaller(Forbidden):
    """The customer named is neither the caller nor an organization that it manages."""


class CitizenUnknown(Unauthenticated):
    """The certificate is of no citizen."""


class TokenEnded(Unauthenticated):
    """The time of the access token is over; renew it, or sign in again."""


class TokenUnusable(Unauthenticated):
    """The access token is none that the issuer made for a person's calls to the mesh."""


class OfficerUnknown(Unauthenticated):
    """The certificate is of no officer of an organization that was admitted."""
