"""`cbss trail`: reads, as an operator does, who asked what about a person."""

from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from cli.calling import ask_all
from cli.mesh import Mesh
from cli.people import OPERATOR, AsOperator
from cli.values import ReasonOption, SsinArgument
from cli.words import plain, say, say_json


def trail(
    mesh: Mesh, ssin: SsinArgument, reason: ReasonOption, operator: AsOperator = OPERATOR
) -> None:
    """Read, as the operator, who asked what about a person."""
    request = pb.ListExchangesRequest(ssin=ssin, reason=reason)
    reader = mesh.person(operator, "audit")
    records = ask_all(reader, rpc.AuditServiceStub, "ListExchanges", request, "records")
    if mesh.as_json:
        say_json([plain(one) for one in records])
        return
    for record in records:
        say(f"{record.ticket_cbss} {record_line(record)}")
    if not records:
        say("nothing")


def record_line(record: record_pb.ExchangeRecord) -> str:
    """A record in one line."""
    stage = record_pb.ExchangeStage.Name(record.stage).removeprefix("EXCHANGE_STAGE_").lower()
    verdict = record_pb.Verdict.Name(record.verdict).removeprefix("VERDICT_").lower()
    ground = record.deliberation_number or record.reason or record.reading_reason
    at = record.occurred_at.ToDatetime().strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    told = (at, f"{stage:8}{verdict:7}", record.customer_cbe_number, record.data_contract, ground)
    return " ".join([*(part for part in told if part), record.status_code])
