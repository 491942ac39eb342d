"""Keeping dossiers on the numbers that persons have now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.directory.model import Dossier, Replacement
from services.directory.rules.replacing import move_dossiers


class Moves(Protocol):
    """Dossiers, as far as they have followed the numbers of persons."""

    async def followed(self) -> int:
        """The last replacement that was applied."""

    async def follow(
        self,
        replacements: Sequence[Replacement],
        move: Callable[
            [Replacement, Sequence[Dossier], Sequence[Dossier]],
            tuple[Sequence[Dossier], Sequence[Dossier]],
        ],
    ) -> int:
        """Apply replacements, once each; the last one applied."""


class Replacements(Protocol):
    """What became of numbers, in order."""

    async def replacements_after(self, sequence: int) -> Sequence[Replacement]:
        """The next replacements; none when all have been read."""


@dataclass(frozen=True)
class Following:
    """Follows the feed of replacements. Subscriptions rest on dossiers, hence come along."""

    moves: Moves
    replacements: Replacements
    day_of: Callable[[datetime], date]

    async def follow_replacements(self) -> int:
        """Apply what was replaced since; how many replacements were read."""
        read = await self.replacements.replacements_after(await self.moves.followed())
        if read:
            await self.moves.follow(read, self._moved)
        return len(read)

    def _moved(
        self, replacement: Replacement, old: Sequence[Dossier], new: Sequence[Dossier]
    ) -> tuple[Sequence[Dossier], Sequence[Dossier]]:
        return move_dossiers(old, new, self.day_of(replacement.replaced_at))
