"""Acts of the registry as records of the trail: one for each that an act is about."""

from collections.abc import Iterator
from uuid import uuid5

from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.registry.v1 import change_pb2

from services.audit.trail.model import Entry
from services.audit.trail.wire.records import decode_entry, decode_identification

RPC = "cbss.registry.v1.RegistryService/PrepareAct"
NUMBER = 10
"""Digits of the number of an organization, which prepares changes of its own entry."""


def decode_entries(act: change_pb2.Act) -> list[Entry]:
    """The records of an act, the same whenever they are made."""
    return [decode_entry(one) for one in encode_records(act)]


def encode_records(act: change_pb2.Act) -> list[record_pb.ExchangeRecord]:
    """The same as messages. Each is named by what the act changes, so that no other change can be
    put in its place later."""
    act_id = decode_identification(act.act_id, "act_id")
    refused = act.state == change_pb2.ACT_STATE_REFUSED
    found = []
    for n, (organization, contract, version) in enumerate(_subjects(act)):
        record = record_pb.ExchangeRecord(
            record_id=str(uuid5(act_id, f"{n} {act.content_sha256.hex()}")),
            ticket_cbss=act.act_id,
            stage=record_pb.EXCHANGE_STAGE_ACT,
            occurred_at=act.decided_at,
            received_at=act.prepared_at,
            rpc=RPC,
            customer_cbe_number=organization,
            data_contract=contract,
            contract_version=version,
            verdict=record_pb.VERDICT_DENY if refused else record_pb.VERDICT_PERMIT,
            reason="REFUSED" if refused else "",
            operator=act.decided_by,
        )
        if _is_number(act.prepared_by):
            record.caller_cbe_number = act.prepared_by
        found.append(record)
    return found


def _subjects(act: change_pb2.Act) -> Iterator[tuple[str, str, int]]:
    """The organizations and contracts that an act is about, each once, in order."""
    seen = set()
    for change in act.changes:
        what = change.WhichOneof("what")
        told = getattr(change, what)
        match what:
            case "withdrawn_organization":
                subject = (told, "", 0)
            case "data_contract" | "retired_contract":
                subject = ("", told.code, told.version)
            case _:
                subject = (told.cbe_number, "", 0)
        if subject not in seen:
            seen.add(subject)
            yield subject


def _is_number(text: str) -> bool:
    return len(text) == NUMBER and text.isascii() and text.isdigit()
