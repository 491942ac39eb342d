"""What the trail refuses. What cannot be read is `InvalidArgument`, and a store that is away is
`StoreUnavailable`, as everywhere."""

from services.concepts.failures import AlreadyExists


class ReplacementDiffers(AlreadyExists):
    """The event is known as the replacement of another number."""


class MonthOver(Exception):
    """Another month is open than the one that the records were made for; not for callers."""
