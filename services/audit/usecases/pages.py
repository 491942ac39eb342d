"""Pages of what not everything may be shown of."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from services.audit import rules
from services.audit.model import Page

P = TypeVar("P", bound=rules.Placed)


async def filled(
    found: Callable[[int, int], Awaitable[Sequence[P]]], page: Page, shows: Callable[[P], bool]
) -> tuple[Sequence[P], int | None]:
    """A page as full as any other, and after which place the next one begins.

    Were it shorter by what is left out, or the last one empty, that would tell that something is.
    `found` gives so many after a place.
    """
    shown: list[P] = []
    after, most = page.after, page.most + 1
    while len(shown) < most:
        part = await found(after, most)
        shown += [one for one in part if shows(one)]
        if len(part) < most:
            break
        after = part[-1].sequence
    return rules.cut(shown, page)
