"""Who is calling, and what the deliberations in force allow: `cbss.access.v1`."""

from dataclasses import dataclass

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import access_service_pb2_grpc as access_rpc

from services.admission.errors import CustomerNotTheCaller, OrganizationUnknown
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.identification.model.calls import Call, Granted, Party
from services.kit.errors import PeerFailed
from services.wire import decisions, values

_REFUSALS: dict[str, type[Failure]] = {
    "ORGANIZATION_UNKNOWN": OrganizationUnknown,
    "CUSTOMER_NOT_THE_CALLER": CustomerNotTheCaller,
}


@dataclass(frozen=True)
class PeerAccess:
    """Asks access."""

    stub: access_rpc.AccessServiceStub

    async def party(self, call: Call) -> Party:
        """Who asks, for whom; fails when that may not be."""
        certified = call.certificate
        request = access_pb.CheckCallerRequest(
            cbe_number="" if certified.organization is None else certified.organization.digits,
            public_key_sha256=certified.public_key_sha256,
            customer=values.named(call.head.customer),
        )
        try:
            answer = await self.stub.CheckCaller(request)
        except PeerFailed as refused:
            failure = _REFUSALS.get(refused.facts.get("reason", ""))
            raise (refused if failure is None else failure()) from None
        place = None
        if answer.HasField("customer_sector_institution"):
            named = answer.customer_sector_institution
            place = SectorInstitution(named.sector, named.institution)
        return Party(
            EnterpriseNumber(int(answer.caller_cbe_number)),
            EnterpriseNumber(int(answer.customer_cbe_number)),
            place,
        )

    async def check(self, call: Call, party: Party, contract: ContractName) -> Granted | Denied:
        """The decision about one call, on the day it is made."""
        today = Period(call.day, call.day)
        question = decisions.question(
            party.customer, party.place, call.head.legal_context, contract, today, call.day
        )
        answer = await self.stub.CheckAccess(access_pb.CheckAccessRequest(questions=[question]))
        (decision,) = answer.decisions
        return _verdict(decision, answer.snapshot_version)


def _verdict(decision: access_pb.Decision, snapshot: str) -> Granted | Denied:
    denied = decisions.denied(decision, snapshot)
    if denied is not None:
        return denied
    granted = decision.granted
    return Granted(decisions.deliberation(granted), snapshot, frozenset(granted.granted_fields))
