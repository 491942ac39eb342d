"""Refusals as records of the audit trail."""

import hashlib
import json
from uuid import UUID

import structlog
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from gateway.refusals.reasons import EdgeRefusal, refusal

log = structlog.get_logger()


def record_of(line: bytes) -> record_pb.ExchangeRecord | None:
    """The record that a line of the log makes, always the same; nothing if it is no refusal."""
    try:
        told = json.loads(line)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        # Cut off when Envoy was killed, say; that there was something is still worth a line.
        log.warning("line of the edge's log not readable", size=len(line))
        return None
    refused = refusal(told)
    return None if refused is None else _record(refused, hashlib.sha256(line).digest())


def _record(refused: EdgeRefusal, digest: bytes) -> record_pb.ExchangeRecord:
    record = record_pb.ExchangeRecord(
        record_id=str(UUID(bytes=digest[:16], version=5)),
        ticket_cbss=str(UUID(bytes=digest[16:], version=5)),
        stage=record_pb.EXCHANGE_STAGE_REFUSAL,
        verdict=record_pb.VERDICT_DENY,
        rpc=refused.rpc,
        client_certificate_sha256=refused.certificate_sha256,
        reason=refused.reason,
        trace_id=refused.trace_id,
    )
    record.occurred_at.FromDatetime(refused.occurred_at)
    record.received_at.FromDatetime(refused.occurred_at)
    return record
