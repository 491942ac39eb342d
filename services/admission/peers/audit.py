"""Putting in writing: `cbss.audit.v1`. A call that returns means durable."""

from collections.abc import Callable, Sequence
from uuid import UUID

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.admission.model import Entry
from services.admission.wire import encode_record
from services.kit.clock import Clock
from services.kit.coalesce import Coalescer

MOST_RECORDS = 1000
"""How many records audit takes in one call."""


class PeerTrail:
    """Records entries, many in one call. A call that returns means durable."""

    def __init__(
        self, stub: audit_rpc.AuditServiceStub, *, new_id: Callable[[], UUID], now: Clock
    ) -> None:
        self._stub = stub
        self._new_id = new_id
        self._now = now
        self._record: Coalescer[Sequence[record_pb.ExchangeRecord], None] = Coalescer(
            self._record_all
        )

    async def record(self, *entries: Entry) -> None:
        """Record entries, all of them together."""
        await self.send(*(self.encoded(one) for one in entries))

    def encoded(self, entry: Entry) -> record_pb.ExchangeRecord:
        """An entry as it is recorded now, under an identification of its own if it has one."""
        return encode_record(entry, entry.record_id or self._new_id(), self._now())

    async def send(self, *records: record_pb.ExchangeRecord) -> None:
        """Record what was made before, all of it together."""
        await self._record(records)

    async def _record_all(
        self, handed_over: Sequence[Sequence[record_pb.ExchangeRecord]]
    ) -> list[None]:
        records = [one for some in handed_over for one in some]
        for start in range(0, len(records), MOST_RECORDS):
            await self._stub.RecordExchanges(
                audit_pb.RecordExchangesRequest(records=records[start : start + MOST_RECORDS])
            )
        return [None] * len(handed_over)
