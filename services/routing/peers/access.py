"""What the deliberations in force allow: `cbss.access.v1`."""

from collections.abc import Awaitable, Sequence

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import access_service_pb2_grpc as access_rpc

from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.kit.coalesce import Coalescer
from services.routing.model import Deliberation, Denied, Granted, Party, Question
from services.wire import values


class PeerAccess:
    """Asks access, many exchanges in one call."""

    def __init__(self, stub: access_rpc.AccessServiceStub) -> None:
        self._stub = stub
        self._check: Coalescer[access_pb.AccessQuestion, Granted | Denied] = Coalescer(
            self._check_all
        )

    def check(
        self, party: Party, question: Question, period: Period
    ) -> Awaitable[Granted | Denied]:
        """The decision about one exchange."""
        return self._check(_asked(party, question, period))

    async def _check_all(
        self, questions: Sequence[access_pb.AccessQuestion]
    ) -> list[Granted | Denied]:
        response = await self._stub.CheckAccess(access_pb.CheckAccessRequest(questions=questions))
        version = response.snapshot_version
        return [_verdict(decision, version) for decision in response.decisions]


def _asked(party: Party, question: Question, period: Period) -> access_pb.AccessQuestion:
    place = party.customer.place
    return access_pb.AccessQuestion(
        customer_cbe_number=party.customer.cbe_number.digits,
        customer_sector_institution=None if place is None else values.place(place),
        legal_context=question.head.legal_context,
        data_contract=question.contract.code,
        contract_version=question.contract.version,
        period=values.span(period),
        mode=access_pb.EXCHANGE_MODE_ONLINE,
    )


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
        tuple(granted.granted_fields),
        frozenset(granted.quality_codes),
        frozenset(SectorInstitution(s.sector, s.institution) for s in granted.senders),
        granted.hourly_quota,
        granted.expected_hourly_volume,
        granted.undisclosable_addresses,
    )
