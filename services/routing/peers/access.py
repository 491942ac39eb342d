"""What the deliberations in force allow: `cbss.access.v1`."""

from collections.abc import Awaitable, Sequence
from datetime import date

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import access_service_pb2_grpc as access_rpc

from services.admission.model import Mode
from services.concepts.decision import Denied
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.kit.coalesce import Coalescer
from services.routing.model import Party, Question
from services.routing.model.findings import Granted
from services.wire import decisions


class PeerAccess:
    """Asks access, many exchanges in one call."""

    def __init__(self, stub: access_rpc.AccessServiceStub, mode: Mode = Mode.ONLINE) -> None:
        self._stub = stub
        self._mode = mode.value
        self._check: Coalescer[access_pb.AccessQuestion, Granted | Denied] = Coalescer(
            self._check_all
        )

    def check(
        self, party: Party, question: Question, period: Period, day: date
    ) -> Awaitable[Granted | Denied]:
        """The decision about one exchange."""
        customer, context = party.customer, question.head.legal_context
        return self._check(
            decisions.encode_question(
                customer.cbe_number,
                customer.place,
                context,
                question.contract,
                period,
                day,
                self._mode,
            )
        )

    async def _check_all(
        self, questions: Sequence[access_pb.AccessQuestion]
    ) -> list[Granted | Denied]:
        response = await self._stub.CheckAccess(access_pb.CheckAccessRequest(questions=questions))
        version = response.snapshot_version
        return [_verdict(decision, version) for decision in response.decisions]


def _verdict(decision: access_pb.Decision, version: str) -> Granted | Denied:
    denied = decisions.decode_denied(decision, version, checks_criteria=True)
    if denied is not None:
        return denied
    granted = decision.granted
    return Granted(
        decisions.decode_deliberation(granted),
        version,
        tuple(granted.granted_fields),
        frozenset(granted.quality_codes),
        frozenset(SectorInstitution(s.sector, s.institution) for s in granted.senders),
        granted.hourly_quota,
        granted.expected_hourly_volume,
        granted.undisclosable_addresses,
        tuple(map(decisions.decode_limit, granted.criteria)),
    )
