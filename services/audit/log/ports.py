"""What proofs need of the world around them."""

from collections.abc import Sequence
from typing import Protocol

from services.audit.trail.model import Signed


class Log(Protocol):
    """The log as it is signed."""

    async def signed(self) -> Signed:
        """What the log vouches for now, or LogUnsigned."""

    async def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        """The proof that the leaf at an index is in the log of a size."""

    async def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The proof that the log of one size begins with that of another."""
