"""The services that admission needs: access decides, audit records."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import access_service_pb2_grpc as access_rpc
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.admission.model import Entry, Granted, Member, Mode
from services.admission.wire import encode_record
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.legal_context import LegalContext
from services.concepts.period import Period
from services.concepts.quality_code import QualityCode
from services.kit.clock import Clock
from services.kit.coalesce import Coalescer
from services.wire import decisions

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
        await self._record([encode_record(one, self._new_id(), self._now()) for one in entries])

    async def _record_all(
        self, handed_over: Sequence[Sequence[record_pb.ExchangeRecord]]
    ) -> list[None]:
        records = [one for some in handed_over for one in some]
        for start in range(0, len(records), MOST_RECORDS):
            await self._stub.RecordExchanges(
                audit_pb.RecordExchangesRequest(records=records[start : start + MOST_RECORDS])
            )
        return [None] * len(handed_over)


class PeerAccess:
    """Asks access, many questions in one call."""

    def __init__(self, stub: access_rpc.AccessServiceStub) -> None:
        self._stub = stub
        self._check: Coalescer[access_pb.AccessQuestion, Granted | Denied] = Coalescer(
            self._check_all
        )

    async def check(
        self,
        customer: Member,
        legal_context: LegalContext,
        contract: ContractName,
        day: date,
        mode: Mode,
    ) -> Granted | Denied:
        """The decision about one exchange of a day, which is all that is asked about."""
        alone = Period(day, day)
        return await self._check(
            decisions.question(
                customer.cbe_number, customer.place, legal_context, contract, alone, day, mode.value
            )
        )

    async def _check_all(
        self, questions: Sequence[access_pb.AccessQuestion]
    ) -> list[Granted | Denied]:
        response = await self._stub.CheckAccess(access_pb.CheckAccessRequest(questions=questions))
        version = response.snapshot_version
        return [_verdict(decision, version) for decision in response.decisions]


def _verdict(decision: access_pb.Decision, version: str) -> Granted | Denied:
    denied = decisions.denied(decision, version)
    if denied is not None:
        return denied
    granted = decision.granted
    return Granted(
        decisions.deliberation(granted),
        version,
        frozenset(QualityCode(int(code)) for code in granted.quality_codes),
        tuple(granted.granted_fields),
    )
