"""The trail's RPCs as tests call them."""

from datetime import UTC, datetime
from uuid import uuid4

from cbss.audit.v1 import audit_service_pb2_grpc as rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from sandbox.authority import Authority
from tests.support.tokens import Issuer

SSIN = "71713000318"
CITIZENS = "CN=citizens of the tests"
CARDS = Authority.founded("citizens of the tests")
INSTITUTIONS = Authority.founded("institutions of the tests")
PROVIDER = Issuer()
KNOWN = str(uuid4())
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


async def stub(audit, workload):
    return rpc.AuditServiceStub(await audit.channel(workload))


def record(**others):
    made = record_pb.ExchangeRecord(
        record_id=others.pop("record_id", str(uuid4())),
        ticket_cbss=others.pop("ticket_cbss", str(uuid4())),
        stage=others.pop("stage", record_pb.EXCHANGE_STAGE_INTENT),
        verdict=record_pb.VERDICT_PERMIT,
        subject_ssin=SSIN,
        **others,
    )
    made.occurred_at.FromDatetime(NOW)
    return made
