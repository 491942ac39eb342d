"""What makes the records of one call about a person and a datum."""

from collections.abc import Sequence
from typing import Protocol

from services.audit.trail.model import Entry
from services.audit.trail.model.deliveries import Concern

NOT_RECEIVED = "was not received from this source in the last months"


class Acts(Protocol):
    """Makes the records of one call."""

    def done(self, concern: Concern) -> Entry:
        """The record that it was done."""

    def stood(self, concern: Concern) -> Entry:
        """The record that it was done before, and nothing changed."""

    def refused(self, concern: Concern | None, reason: str) -> Entry:
        """The record that it was refused."""

    def read(self, concerns: Sequence[Concern]) -> Sequence[Entry]:
        """The records that a page was read: a header and a line for each person on it."""
