"""What the registry refuses."""

from services.concepts.failures import (
    AlreadyExists,
    Forbidden,
    Malformed,
    NotFound,
    StateForbids,
    Unavailable,
)


class ActUnknown(NotFound):
    """There is no such act."""


class RequestReused(AlreadyExists):
    """Another act was prepared with this request identification."""


class ActDecided(StateForbids):
    """The act is decided already."""


class SecondPersonNeeded(Forbidden):
    """Who prepared an act does not decide it."""


class OfficesMixed(Forbidden):
    """Who has acted in one office does not act in the other."""


class ChangeRefused(Malformed):
    """The change is not possible; the violations say why."""


class ChangeNotOwn(Forbidden):
    """The caller prepares no such changes; an organization its own keys, officers, volumes."""


class OperatorNameless(Forbidden):
    """The certificate of an operator has no common name."""


class RegistryEmpty(Unavailable):
    """There are no reference data yet."""
