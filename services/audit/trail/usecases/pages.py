"""Pages of what not everything may be shown of."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from services.audit.trail import rules
from services.audit.trail.model import Page

P = TypeVar("P", bound=rules.Placed)


Chosen = Callable[[Sequence[P]], Awaitable[Sequence[P]]]
"""Leaves out of some what may not be shown."""


def each(shows: Callable[[P], bool]) -> Chosen[P]:
    """Leaves out what one by one may not be shown."""

    async def chosen(part: Sequence[P]) -> Sequence[P]:
        return [one for one in part if shows(one)]

    return chosen


async def fill_page(
    found: Callable[[int, int], Awaitable[Sequence[P]]], page: Page, chosen: Chosen[P]
) -> tuple[Sequence[P], int | None]:
    """A page as full as any other, and after which place the next one begins.

    Were it shorter by what is left out, or the last one empty, that would tell that something is.
    `found` gives so many after a place.
    """
    shown: list[P] = []
    after, most = page.after, page.most + 1
    while len(shown) < most:
        part = await found(after, most)
        shown += await chosen(part)
        if len(part) < most:
            break
        after = part[-1].sequence
    return rules.cut(shown, page)
