"""What the deliberations in force allow: `cbss.access.v1`.

A decision names no person, and follows from its question and the set of deliberations alone. One
that was just taken is therefore good for whoever asks the same in the same moment; what is older
than that is asked anew, and access, which alone knows whether its set is fresh, fails closed.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import NamedTuple

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import access_service_pb2_grpc as access_rpc

from services.admission.model import Mode
from services.concepts.data_contract import ContractName
from services.concepts.decision import GOOD_FOR, Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.legal_context import LegalContext
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.kit.coalesce import Coalescer
from services.routing.model import Party, Question
from services.routing.model.findings import Granted
from services.wire import decisions

MOST_REMEMBERED = 10_000
"""How many decisions of the last moment are kept."""
MOST_QUESTIONS = 1000
"""How many questions access takes in one call."""
MOST_TIMES = 1_000_000
"""How often one question may be said to have been put."""


class _Asked(NamedTuple):
    """All that a decision follows from, beside the deliberations and how data travel."""

    customer: EnterpriseNumber
    place: SectorInstitution | None
    legal_context: LegalContext
    contract: ContractName
    period: Period
    day: date


class PeerAccess:
    """Asks access, many exchanges in one call, and what many ask once."""

    def __init__(
        self,
        stub: access_rpc.AccessServiceStub,
        mode: Mode = Mode.ONLINE,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stub = stub
        self._mode = mode.value
        self._now = now
        self._check: Coalescer[_Asked, Granted | Denied] = Coalescer(self._check_all)
        self._decided: dict[_Asked, Granted | Denied] = {}
        """What was decided on one set of deliberations."""
        self._version = ""
        self._until = 0.0
        self._unsaid: Counter[_Asked] = Counter()
        """How often was asked what access has not been told of."""

    def check(
        self, party: Party, question: Question, period: Period, day: date
    ) -> Awaitable[Granted | Denied]:
        """The decision about one exchange."""
        customer, context = party.customer, question.head.legal_context
        asked = _Asked(customer.cbe_number, customer.place, context, question.contract, period, day)
        if self._now() < self._until and (decision := self._decided.get(asked)) is not None:
            self._unsaid[asked] += 1
            known: asyncio.Future[Granted | Denied] = asyncio.get_running_loop().create_future()
            known.set_result(decision)
            return known
        return self._check(asked)

    async def _check_all(self, asked: Sequence[_Asked]) -> list[Granted | Denied]:
        # Once for all who ask the same; and with it what was answered here since the last time, for
        # access keeps count of what is asked. It decides on no day that is over: that is lost.
        said, unsaid = Counter(asked), self._unsaid
        self._unsaid = Counter()
        days = {one.day for one in said}
        for one, times in unsaid.items():
            if one in said or (one.day in days and len(said) < MOST_QUESTIONS):
                said[one] += times
        asked_at = self._now()
        request = access_pb.CheckAccessRequest(
            questions=[decisions.encode_question(*one, self._mode) for one in said],
            times=[min(times, MOST_TIMES) for times in said.values()],
        )
        response = await self._stub.CheckAccess(request)
        version = response.snapshot_version
        decided = {
            one: _verdict(decision, version)
            for one, decision in zip(said, response.decisions, strict=True)
        }
        self._remember(decided, version, asked_at + GOOD_FOR.total_seconds())
        return [decided[one] for one in asked]

    def _remember(
        self, decided: dict[_Asked, Granted | Denied], version: str, until: float
    ) -> None:
        """Keep what was decided, with the rest if it was decided on the same set."""
        if version != self._version or len(self._decided) + len(decided) > MOST_REMEMBERED:
            self._decided.clear()
        self._decided |= decided
        # What was there is as good as what has come: the set is what it was.
        self._version, self._until = version, until


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
