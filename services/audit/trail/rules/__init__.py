"""What makes a record worth keeping, and where a page of records ends."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from services.audit.trail.model import Page, Stage, Use
from services.concepts.delays import Delay, delay

RECORDED = frozenset(Stage) - {Stage.READING}
"""What others may record; that the trail was read is for the trail itself to say."""


class Placed(Protocol):
    """Something with a place in the order of a list."""

    @property
    def sequence(self) -> int:
        """The place."""


P = TypeVar("P", bound=Placed)


def cut(found: Sequence[P], page: Page) -> tuple[Sequence[P], int | None]:
    """What of what was found stands on the page, and after which place the next one begins.

    The store looks for one more than the page holds.
    """
    shown = found[: page.most]
    return shown, shown[-1].sequence if len(found) > page.most else None


ENDINGS = frozenset({Stage.OUTCOME, Stage.LINE})


def shown_to_the_person(
    uses: Sequence[Use],
    delays: Sequence[Delay],
    now: datetime,
    ended_later: Container[UUID] = frozenset(),
) -> list[Use]:
    """The uses that a person may see of himself now.

    What an inquiry is about is shown once its delay is over, and until then nothing tells that it
    is there (General Data Protection Regulation, article 23). That data were asked for
    is not told apart from how it ended, be it later than these.
    """
    ended = tickets_ended(uses)
    return [
        use
        for use in uses
        if not (use.is_begun and (use.ticket in ended or use.ticket in ended_later))
        and is_shown_to_the_person(use, delays, now)
    ]


def tickets_ended(uses: Iterable[Use]) -> frozenset[UUID]:
    """The exchanges of which some use says how they ended."""
    return frozenset(use.ticket for use in uses if use.stage in ENDINGS and not use.is_begun)


def is_shown_to_the_person(use: Use, delays: Sequence[Delay], now: datetime) -> bool:
    """Whether the delay of a use is over."""
    return now >= use.occurred_at + delay(use.legal_context, use.occurred_at.date(), delays)
