"""Why nobody is signed in, or is no more."""

from services.concepts.failures import StateForbids, Unauthenticated, Unavailable


class SignInOver(StateForbids):
    """The sign-in was answered before, took too long, or was begun in another browser."""


class SignInRefused(Unauthenticated):
    """The provider did not sign the person in, or what it says of him cannot be believed."""


class ProviderAway(Unavailable):
    """The provider does not answer; repeat the sign-in."""


class SessionsAway(Unavailable):
    """The store of the sessions is away; nobody is signed in meanwhile."""


class SessionOver(Unauthenticated):
    """The session is over; sign in again."""
