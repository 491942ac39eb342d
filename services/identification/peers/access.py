"""Who is calling, and what the deliberations in force allow: `cbss.access.v1`."""

from dataclasses import dataclass

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import access_service_pb2_grpc as access_rpc
from cbss.common.v1 import organization_pb2, period_pb2
from google.type import date_pb2

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure
from services.concepts.organization import Organization, SectorInstitution
from services.identification.errors import CustomerNotTheCaller, OrganizationUnknown
from services.identification.model.calls import Call, Deliberation, Denied, Granted, Party
from services.kit.errors import PeerFailed

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
            customer=_organization(call.head.customer),
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
        day = date_pb2.Date(year=call.day.year, month=call.day.month, day=call.day.day)
        question = access_pb.AccessQuestion(
            customer_cbe_number=party.customer.digits,
            legal_context=call.head.legal_context,
            data_contract=contract.code,
            contract_version=contract.version,
            period=period_pb2.Period(begin_date=day, end_date=day),
            mode=access_pb.EXCHANGE_MODE_ONLINE,
        )
        if party.place is not None:
            question.customer_sector_institution.CopyFrom(_place(party.place))
        answer = await self.stub.CheckAccess(access_pb.CheckAccessRequest(questions=[question]))
        (decision,) = answer.decisions
        return _verdict(decision, answer.snapshot_version)


def _verdict(decision: access_pb.Decision, snapshot: str) -> Granted | Denied:
    # Deny by default: whatever is not an explicit grant is none.
    if decision.WhichOneof("verdict") != "granted":
        refused = decision.refused
        reason = access_pb.RefusalReason.Name(refused.reason).removeprefix("REFUSAL_REASON_")
        act = Deliberation(refused.deliberation_number, refused.deliberation_version, snapshot)
        return Denied(reason, act)
    granted = decision.granted
    act = Deliberation(granted.deliberation_number, granted.deliberation_version, snapshot)
    return Granted(act, frozenset(granted.granted_fields))


def _organization(named: Organization) -> organization_pb2.Organization:
    if isinstance(named, EnterpriseNumber):
        return organization_pb2.Organization(cbe_number=named.digits)
    return organization_pb2.Organization(sector_institution=_place(named))


def _place(place: SectorInstitution) -> organization_pb2.SectorInstitution:
    return organization_pb2.SectorInstitution(sector=place.sector, institution=place.institution)
