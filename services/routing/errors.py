"""What routing refuses as a call. Business refusals are not here: they are normal answers."""

from services.concepts.failures import (
    AlreadyExists,
    Forbidden,
    LostRace,
    Malformed,
    NotFound,
    OutOfRange,
    QuotaSpent,
    StateForbids,
    Unavailable,
)


class VolumeSpent(QuotaSpent):
    """The volume that the deliberation expects is used up for now."""


class NoSource(Forbidden):
    """The organization is not a source of the data contract, or there is no such contract."""


class PublicationRaced(LostRace):
    """Another call of the same source was first with a reference or an attestation; repeat it."""


class ResumeTokenInvalid(Malformed):
    """The resume token belongs to another subscriber, or is damaged."""


class ResumeTokenExpired(OutOfRange):
    """Notices after the resume token have expired; go on without a token, and ask the sources."""


class WatchesSpent(QuotaSpent):
    """Too many streams are open; try again later, or list notices by page."""


class StreamEnded(Unavailable):
    """The stream has lived long enough; open it again at once, a watch with its last token."""


class BatchUnknown(NotFound):
    """There is no such batch of the customer."""


class BatchNotDone(StateForbids):
    """The batch has not every result yet, or was given up."""


class SequenceGap(StateForbids):
    """Files before this one are missing; send the one that is expected."""


class SequenceReused(Malformed):
    """The number of the file was used with another voucher; take the next."""


class FileUnknown(NotFound):
    """There is no such file of the customer."""


class FileRaced(LostRace):
    """Another call was first with the file; repeat it to hear what became of it."""


class SubmissionUnknown(NotFound):
    """The message was not sent to the customer, or not sent by it."""


class AnsweredOtherwise(AlreadyExists):
    """The message was answered otherwise before; an answer is given once."""


class ReplyTooLate(StateForbids):
    """The time in which an answer was wanted is over."""


class AttachmentsSpent(QuotaSpent):
    """Too many streams of the source, or of all sources, are open; try again later."""


class AttachmentSilent(Unavailable):
    """The source was not heard for two intervals of its heartbeat; attach again."""


class SourceNotAttached(Unavailable):
    """The source is attached nowhere, so nobody can ask it."""
