"""What the deliberations in force allow: `cbss.access.v1`."""

from collections.abc import Sequence
from datetime import date

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import access_service_pb2_grpc as access_rpc

from services.admission.model import Granted, Member, Mode
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.legal_context import LegalContext
from services.concepts.period import Period
from services.concepts.quality_code import QualityCode
from services.kit.coalesce import Coalescer
from services.wire import decisions


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
            decisions.encode_question(
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
    denied = decisions.decode_denied(decision, version)
    if denied is not None:
        return denied
    granted = decision.granted
    return Granted(
        decisions.decode_deliberation(granted),
        version,
        frozenset(QualityCode(int(code)) for code in granted.quality_codes),
        tuple(granted.granted_fields),
    )
