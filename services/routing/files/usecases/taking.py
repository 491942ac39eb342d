"""Taking files: announced, then read while they come, and taken whole or not at all."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import structlog

from services.admission.model import Admitted, Call, Stage
from services.admission.usecases import Arrivals
from services.concepts.data_contract import ContractName
from services.concepts.failures import InvalidArgument
from services.kit.errors import TicketReused
from services.routing.batches.model import Batch, FileKey, Item, Order
from services.routing.batches.usecases.submitting import Submissions
from services.routing.errors import FileUnknown, SequenceGap, SequenceReused
from services.routing.files import rules
from services.routing.files.model import (
    HIGHEST_NUMBER,
    BatchFile,
    Flaw,
    Gap,
    Rejected,
    Rejection,
    Voucher,
)
from services.routing.files.usecases.coming import Coming
from services.routing.model import OnboardedOrganization

log = structlog.get_logger()


class Store(Protocol):
    """Keeps files."""

    async def announce(
        self, key: FileKey, voucher: Voucher, digest: bytes, now: datetime, term: timedelta
    ) -> tuple[BatchFile | Gap | None, bool]: ...

    async def find(self, key: FileKey) -> BatchFile | None: ...

    async def receive(self, key: FileKey) -> None: ...

    async def validate(self, key: FileKey, batch_id: UUID, now: datetime) -> bool: ...

    async def reject(self, key: FileKey, flaw: Flaw, now: datetime) -> bool: ...

    async def result_number(self, batch: Batch) -> int: ...


class Seal(Protocol):
    """Makes digests that tell nobody else anything."""

    def keyed(self, *parts: bytes) -> bytes: ...


class Reader(Protocol):
    """Reads what stands in a file; InvalidArgument for what cannot be used."""

    async def read(
        self, messages: AsyncIterator[bytes], call: Call
    ) -> tuple[Order, AsyncIterator[Sequence[Item]]]: ...


@dataclass(frozen=True)
class Filings:
    """Takes batches as files."""

    admission: Arrivals[OnboardedOrganization]
    submissions: Submissions
    store: Store
    reader: Reader
    seal: Seal
    now: Callable[[], datetime]
    term: timedelta
    """Within which a file comes that was announced."""
    tell_gap: Callable[[int], None] = lambda _: None
    """Told of each file that came before its turn."""
    tell_rejection: Callable[[Rejection], None] = lambda _: None
    """Told why each file was rejected."""

    async def submit(
        self, call: Call, voucher: Voucher, content: AsyncIterator[bytes]
    ) -> tuple[BatchFile, bool]:
        """What became of a file, and whether its voucher came before."""
        admitted = await self.admission.known(call, voucher.contract)
        key = voucher.key(admitted.customer.cbe_number)
        file, is_first = await self._announced(admitted, voucher, key)
        if not file.state.is_settled:
            file = await self._received(admitted, voucher, key, content) or file
        return file, not is_first

    async def get(self, call: Call, contract: ContractName, number: int) -> BatchFile:
        """How far a file of the customer has come."""
        admitted = await self.admission.known(call)
        key = FileKey(admitted.customer.cbe_number, contract, number)
        file = await self.store.find(key) if number <= HIGHEST_NUMBER else None
        if file is None:
            raise FileUnknown
        return file

    async def _announced(
        self, admitted: Admitted[OnboardedOrganization], voucher: Voucher, key: FileKey
    ) -> tuple[BatchFile, bool]:
        digest = self.seal.keyed(
            voucher.legal_context.encode(),
            str(voucher.contract).encode(),
            str((voucher.item_count, voucher.byte_count)).encode(),
            voucher.sha256,
        )
        found, is_first = await self.store.announce(key, voucher, digest, self.now(), self.term)
        if isinstance(found, Gap):
            log.error(
                "sequence of files has a gap",
                organization=key.sender.digits,
                contract=str(key.contract),
                expected=found.expected,
                came=key.number,
            )
            self.tell_gap(1)
            await self._refused(admitted, SequenceGap.reason())
            raise SequenceGap(facts={"expected": str(found.expected)})
        if found is None or not rules.repeats(found, digest):
            await self._refused(admitted, SequenceReused.reason())
            raise SequenceReused
        return found, is_first

    async def _received(
        self,
        admitted: Admitted[OnboardedOrganization],
        voucher: Voucher,
        key: FileKey,
        content: AsyncIterator[bytes],
    ) -> BatchFile | None:
        """The file after what came of it; nothing if nothing did."""
        coming = Coming(voucher, content, lambda: self.store.receive(key))
        if not await coming.has_begun():
            return None
        try:
            await self._taken(admitted.call, voucher, key, coming)
        except (Rejected, rules.Unreadable, InvalidArgument, TicketReused) as wrong:
            # Of what did not arrive as it was sent, nothing that stands in it is told.
            flaw = await coming.damage() or _flaw(wrong)
            await self._refused(admitted, f"FILE_{flaw.rejection.name}")
            if await self.store.reject(key, flaw, self.now()):
                self.tell_rejection(flaw.rejection)
        return await self.store.find(key)

    async def _taken(self, call: Call, voucher: Voucher, key: FileKey, coming: Coming) -> None:
        order, items = await self.reader.read(coming.messages(), call)
        differs = rules.mismatch(order, voucher)
        if differs is not None:
            raise Rejected(differs)
        came = await self.submissions.submit(
            replace(order, file=key), _counted(items, voucher.item_count)
        )
        if came.batch is None:
            field = dict(came.status.information).get("fieldName", "")
            raise Rejected(Flaw(Rejection.NOT_TAKEN, field, came.status.code.code))
        if came.is_repeat:
            await self.store.validate(key, came.batch.batch_id, self.now())

    async def _refused(self, admitted: Admitted[OnboardedOrganization], reason: str) -> None:
        await self.admission.record(admitted.entry(Stage.REFUSAL).refused(reason))


async def _counted(
    items: AsyncIterator[Sequence[Item]], count: int
) -> AsyncIterator[Sequence[Item]]:
    """Items as they come; Rejected if there are not as many as the voucher says."""
    came = 0
    async for some in items:
        came += len(some)
        yield some
    if came != count:
        raise Rejected(Flaw(Rejection.VOUCHER_DIFFERS, "voucher.item_count"))


def _flaw(wrong: Exception) -> Flaw:
    match wrong:
        case Rejected():
            return wrong.flaw
        case rules.Unreadable():
            return Flaw(Rejection.UNREADABLE)
        case InvalidArgument():
            return Flaw(Rejection.CONTENT_INVALID, wrong.violations[0].field)
    return Flaw(Rejection.TICKET_REUSED, "header.information_customer.ticket")
