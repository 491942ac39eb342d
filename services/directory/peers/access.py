"""What the deliberations in force allow: `cbss.access.v1`."""

from collections.abc import Sequence
from typing import cast

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import access_service_pb2_grpc as access_rpc

from services.concepts.data_contract import ContractName
from services.concepts.legal_context import LegalContext
from services.concepts.period import Period
from services.directory.model import (
    Deliberation,
    Denied,
    Granted,
    Mode,
    Organization,
    QualityCode,
)
from services.kit.coalesce import Coalescer
from services.wire import values


class PeerAccess:
    """Asks access, many questions in one call."""

    def __init__(self, stub: access_rpc.AccessServiceStub) -> None:
        self._stub = stub
        self._check: Coalescer[access_pb.AccessQuestion, Granted | Denied] = Coalescer(
            self._check_all
        )

    async def check(
        self,
        customer: Organization,
        legal_context: LegalContext,
        contract: ContractName,
        period: Period,
        mode: Mode,
    ) -> Granted | Denied:
        """The decision about one exchange."""
        place = customer.place
        return await self._check(
            access_pb.AccessQuestion(
                customer_cbe_number=customer.cbe_number.digits,
                customer_sector_institution=None if place is None else values.place(place),
                legal_context=legal_context,
                data_contract=contract.code,
                contract_version=contract.version,
                period=values.span(period),
                mode=cast("access_pb.ExchangeMode", mode.value),
            )
        )

    async def _check_all(
        self, questions: Sequence[access_pb.AccessQuestion]
    ) -> list[Granted | Denied]:
        response = await self._stub.CheckAccess(access_pb.CheckAccessRequest(questions=questions))
        version = response.snapshot_version
        return [_verdict(decision, version) for decision in response.decisions]


def _verdict(decision: access_pb.Decision, version: str) -> Granted | Denied:
    # Deny by default: whatever is not an explicit grant is none.
    if decision.WhichOneof("verdict") != "granted":
        refused = decision.refused
        reason = access_pb.RefusalReason.Name(refused.reason).removeprefix("REFUSAL_REASON_")
        number = refused.deliberation_number
        act = Deliberation(number, refused.deliberation_version) if number else None
        return Denied(reason, act, version)
    granted = decision.granted
    return Granted(
        Deliberation(granted.deliberation_number, granted.deliberation_version),
        version,
        frozenset(QualityCode(int(code)) for code in granted.quality_codes),
        tuple(granted.granted_fields),
    )
