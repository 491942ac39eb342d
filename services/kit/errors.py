"""The failures that the plumbing itself can give; their reasons stand in `cbss.common.v1`."""

from services.concepts.failures import (
    Forbidden,
    Internal,
    LostRace,
    Malformed,
    QuotaSpent,
    Unauthenticated,
    Unavailable,
)


class MessageUnreadable(Malformed):
    """The message cannot be parsed."""


class MessageTooLarge(QuotaSpent):
    """The message is larger than the mesh accepts."""


class ReaderSlow(QuotaSpent):
    """The stream was not read for too long; read faster, and go on with the last token."""


class TicketReused(Malformed):
    """The ticket was used with other content; take a new ticket for what is new."""


class StillInWork(LostRace):
    """The call with this ticket is still in work; come back with the same ticket."""


class CallerUnknown(Unauthenticated):
    """The client's certificate names no workload and no organization of this mesh."""


class CallerNotListed(Forbidden):
    """The caller is not listed for this RPC."""


class PeerUnavailable(Unavailable):
    """A service of the mesh that is needed is away; repeat the call."""


class PeerFailed(Internal):
    """A service of the mesh that is needed failed."""


class ReferenceStale(Unavailable):
    """The reference data of the network were not read recently enough to decide on."""


class StoreUnavailable(Unavailable):
    """The store of the service is away; repeat the call."""


class PageTokenInvalid(Malformed):
    """The page token belongs to another query or caller, or is damaged."""
