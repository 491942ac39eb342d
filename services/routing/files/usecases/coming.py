"""A file while it comes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from services.routing.files import rules
from services.routing.files.model import Flaw, Rejected, Voucher


@dataclass
class Coming:
    """A file as it comes: measured, and cut into its messages."""

    voucher: Voucher
    content: AsyncIterator[bytes]
    whole: Callable[[], Awaitable[None]]
    """Told once all is there and is what the voucher says, before the last message is used up."""
    _measure: rules.Measure = field(default_factory=rules.Measure)
    _first: bytes = b""

    async def has_begun(self) -> bool:
        """Whether anything comes."""
        async for some in self.content:
            self._first = some
            self._measure.add(some)
            return True
        return False

    async def messages(self) -> AsyncIterator[bytes]:
        """Messages as they come; Rejected if what came is not what the voucher says, Unreadable if
        it is no sequence of messages."""
        cut = rules.Messages()
        for message in cut.add(self._first):
            yield message
        async for some in self._more():
            for message in cut.add(some):
                yield message
        flaw = self._measure.flaw(self.voucher)
        if flaw is not None:
            raise Rejected(flaw)
        cut.end()
        await self.whole()

    async def damage(self) -> Flaw | None:
        """In what the bytes are not those of the voucher, once the rest came too."""
        async for _ in self._more():
            pass
        return self._measure.flaw(self.voucher)

    async def _more(self) -> AsyncIterator[bytes]:
        """What comes, as long as it is not more than was announced."""
        while self._measure.byte_count <= self.voucher.byte_count:
            some = await anext(self.content, None)
            if some is None:
                return
            self._measure.add(some)
            yield some
