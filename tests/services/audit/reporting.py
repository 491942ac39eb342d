"""Reports of suspected errors as tests make them, and what they find afterwards."""

import hashlib
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import grpc
import pytest
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import error_report_pb2 as noun_pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.common.v1 import status_pb2
from cryptography.hazmat.primitives.serialization import Encoding
from google.rpc import error_details_pb2
from google.rpc import status_pb2 as rpc_status_pb2

from services.audit.trail.model import Stage
from services.kit.forwarded import HEADER
from tests.services.audit.serving import CARDS, NOW, SSIN, record, stub

GHENT, LIEGE, SOURCE, INSPECTION, STRANGER = (
    *("0899990348", "0899990447", "0899990744", "0899990645", "0899990546"),
)
OTHER = "89672220419"
DATUM = noun_pb.Datum(
    data_contract="HANDICAP",
    field_path="handicap_recognitions.decision_status",
    source_cbe_number=SOURCE,
)
DATA = status_pb2.STATUS_VALUE_DATA_FOUND
OUTCOME = record_pb.EXCHANGE_STAGE_OUTCOME


def said(issued):
    """What the gateway says of a certificate."""
    der = issued.certificate.public_bytes(Encoding.DER)
    pem = quote(issued.pem.decode(), safe="")
    return [(HEADER, f'Hash={hashlib.sha256(der).hexdigest()};Cert="{pem}"')]


def card(ssin=SSIN, authority=None):
    return said((authority or CARDS).citizen(ssin, "Citizen"))


def outcome(customer=GHENT, *, days_ago=1, leg=DATA, source=SOURCE, status=DATA, **others):
    made = record(
        stage=others.pop("stage", OUTCOME),
        customer_cbe_number=customer,
        data_contract=others.pop("data_contract", "HANDICAP"),
        legal_context=others.pop("legal_context", "PCSW:MEANS_TEST"),
        status_value=status,
        sources=[record_pb.SourceLeg(supplier_cbe_number=source, status_value=leg)],
        **others,
    )
    made.occurred_at.FromDatetime(NOW - timedelta(days=days_ago))
    return made


async def recorded(audit, *records):
    recorder = await stub(audit, "routing")
    await recorder.RecordExchanges(audit_pb.RecordExchangesRequest(records=records))


def report(**others):
    held = {"report_id": str(uuid4()), "ssin": SSIN, "datum": DATUM}
    return {**held, "claim": noun_pb.ERROR_CLAIM_OUTDATED, **others}


def reason(fault):
    details = dict(fault.value.trailing_metadata())["grpc-status-details-bin"]
    info = error_details_pb2.ErrorInfo()
    rpc_status_pb2.Status.FromString(details).details[0].Unpack(info)
    return info.reason


def violations(fault):
    """The fields that a refusal names."""
    details = dict(fault.value.trailing_metadata())["grpc-status-details-bin"]
    request = error_details_pb2.BadRequest()
    for detail in rpc_status_pb2.Status.FromString(details).details:
        detail.Unpack(request)
    return list(request.field_violations)


async def refusal(call):
    with pytest.raises(grpc.aio.AioRpcError) as fault:
        await call
    return reason(fault)


def turned_away(audit):
    """Why callers were turned away; nothing else may be in the trail."""
    rows = [row.entry for _, row in audit.records.rows]
    assert {one.stage for one in rows} <= {Stage.REFUSAL}
    assert all(one.subject is None for one in rows)
    grounds = [record_pb.ExchangeRecord.FromString(one.ground.content) for one in rows]
    return [one.reason for one in grounds]


def acts(audit, ticket):
    """What the trail holds of a report: the RPC, the verdict's reason, the person."""
    rows = [row for _, row in audit.records.rows if str(row.entry.ticket) == ticket]
    return [
        (told.rpc.rpartition("/")[2], told.reason, row.subject is not None)
        for row in rows
        for told in [record_pb.ExchangeRecord.FromString(row.entry.ground.content)]
        if row.entry.stage is Stage.ACT
    ]
