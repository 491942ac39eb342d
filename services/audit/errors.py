"""What the trail refuses. What cannot be read is `InvalidArgument`, and a store that is away is
`StoreUnavailable`, as everywhere."""

from services.concepts.failures import (
    AlreadyExists,
    LostRace,
    NotFound,
    StateForbids,
    Unavailable,
)


class ReplacementDiffers(AlreadyExists):
    """The event is known as the replacement of another number."""


class RecordsNotKept(Unavailable):
    """The store does not keep what it is told; nothing was recorded."""


class LogStandsStill(Unavailable):
    """Nobody has signed what was recorded for too long; nothing is recorded until it is."""


class RecordUnknown(NotFound):
    """The trail has no record with this identification."""


class RecordNotMerged(StateForbids):
    """The record is not in a signed log yet; it will be within seconds."""


class LogUnsigned(Unavailable):
    """The log has not signed anything yet."""


class SourceUnknown(NotFound):
    """No organization with this number was admitted that could be the source."""


class DatumNotReceived(StateForbids):
    """The organization did not get this datum from this source in the last months."""


class ErrorReportDiffers(AlreadyExists):
    """The identification is that of another report."""


class ErrorReportUnknown(NotFound):
    """No report with this identification is addressed to the caller."""


class DecisionNotAllowed(StateForbids):
    """The report cannot become this from what it is."""


class DecidedMeanwhile(LostRace):
    """The report was decided on at the same time; look again."""


class CorrectionNoticeUnknown(NotFound):
    """No notice with this identification is for the caller."""


class DecisionDiffers(AlreadyExists):
    """The identification is that of another decision."""


class AlertUnknown(NotFound):
    """No alert with this identification is for the caller."""


class MonthlyReportUnknown(NotFound):
    """No report of this month was made for the organization."""


class MonthOver(Exception):
    """Another month is open than the one that the records were made for; not for callers."""


class SequencerFenced(Exception):
    """Somebody else makes the log grow; not for callers."""


class LogRewound(Exception):
    """The store is behind what was already signed: an older copy of it was put back. Nothing more
    is signed until an operator has found out why."""


class LogForked(Exception):
    """The store and what was already signed are two different logs. Nothing more is signed until
    an operator has found out why."""
