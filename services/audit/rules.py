"""What makes a record worth keeping, and where a page of records ends."""

from collections.abc import Sequence

from services.audit.model import Kept, Page, Stage

RECORDED = frozenset(Stage) - {Stage.READING}
"""What others may record; that the trail was read is for the trail itself to say."""


def cut(found: Sequence[Kept], page: Page) -> tuple[Sequence[Kept], int | None]:
    """What of the records found stands on the page, and after which place the next one begins.

    The store looks for one record more than the page holds.
    """
    shown = found[: page.most]
    return shown, shown[-1].sequence if len(found) > page.most else None
