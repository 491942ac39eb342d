"""What operators ask in the tests of access, and how refusals are read."""

from uuid import uuid4

import yaml
from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import deliberation_service_pb2 as pb
from cbss.common.v1 import organization_pb2
from google.rpc import error_details_pb2, status_pb2
from google.type import date_pb2

from tests.support.deliberations import CENTRE, TODAY, written

DAY = date_pb2.Date(year=TODAY.year, month=TODAY.month, day=TODAY.day)
NUMBER = "IVC/KSZG/98/001"
BLOCK = {"contract": "HANDICAP", "version": 1, "modes": ["ONLINE"], "fields": ["rights"]}


def draft(**changed):
    plain = written(
        **{"data_blocks": [BLOCK], "valid_from": TODAY.isoformat(), "status": "PROPOSED", **changed}
    )
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)


def proposing(text=None, **changed):
    return pb.ProposeDeliberationRequest(
        request_id=str(uuid4()), document=draft(**changed) if text is None else text
    )


def enacting(version=1, number=NUMBER):
    return pb.EnactDeliberationRequest(request_id=str(uuid4()), number=number, version=version)


def suspending(version=1):
    return pb.SuspendDeliberationRequest(request_id=str(uuid4()), number=NUMBER, version=version)


def told(fault):
    """The reason of a refusal, and the fields it names."""
    metadata = dict(fault.value.trailing_metadata())
    answer = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in answer.details:
        detail.Unpack(info)
        detail.Unpack(bad)
    return info.reason, {one.field: one.description for one in bad.field_violations}


def asked(**changed):
    return access_pb.AccessQuestion(
        **{
            "customer_cbe_number": CENTRE.digits,
            "customer_sector_institution": organization_pb2.SectorInstitution(
                sector=17, institution=1
            ),
            "legal_context": "PCSW:TRIAL",
            "data_contract": "HANDICAP",
            "contract_version": 1,
            "period": {"begin_date": DAY, "end_date": DAY},
            "mode": access_pb.EXCHANGE_MODE_ONLINE,
            **changed,
        }
    )
