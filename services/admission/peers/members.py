"""Who is calling, for whom it may: `cbss.access.v1`, for who keeps no organizations itself."""

from dataclasses import dataclass

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import access_service_pb2_grpc as access_rpc

from services.admission.errors import CustomerNotTheCaller, OrganizationUnknown
from services.admission.model import Call, Known, Party
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure
from services.concepts.organization import SectorInstitution
from services.kit.errors import PeerFailed
from services.wire import values

_REFUSALS: dict[str, type[Failure]] = {
    "ORGANIZATION_UNKNOWN": OrganizationUnknown,
    "CUSTOMER_NOT_THE_CALLER": CustomerNotTheCaller,
}


@dataclass(frozen=True)
class PeerMembers:
    """Asks access."""

    stub: access_rpc.AccessServiceStub

    async def party(self, call: Call) -> Party[Known]:
        """Who asks, for whom; fails when that may not be."""
        assert call.head is not None
        certified = call.certificate
        request = access_pb.CheckCallerRequest(
            cbe_number="" if certified.organization is None else certified.organization.digits,
            public_key_sha256=certified.public_key_sha256,
            customer=values.encode_organization(call.head.customer),
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
            Known(EnterpriseNumber(int(answer.caller_cbe_number))),
            Known(EnterpriseNumber(int(answer.customer_cbe_number)), place),
        )
