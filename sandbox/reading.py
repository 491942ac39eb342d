"""Reading the trail, as an operator does."""

from cbss.audit.v1 import exchange_record_pb2 as record_pb
from rich.console import Console

from sandbox.client import Identity, Operator
from sandbox.credentials import Vault
from sandbox.state import State
from sandbox.topology import Ports


def line(record: record_pb.ExchangeRecord) -> str:
    """A record in one line."""
    stage = record_pb.ExchangeStage.Name(record.stage).removeprefix("EXCHANGE_STAGE_").lower()
    verdict = record_pb.Verdict.Name(record.verdict).removeprefix("VERDICT_").lower()
    ground = record.deliberation_number or record.reason or record.reading_reason
    at = record.occurred_at.ToDatetime().strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    told = (at, f"{stage:8}{verdict:7}", record.customer_cbe_number, record.data_contract, ground)
    return " ".join([*(part for part in told if part), record.status_code])


async def read_trail(state: State, ports: Ports, ssin: str, reason: str, console: Console) -> None:
    """Print all records about a person."""
    vault = Vault(state)
    files = vault.workload("operator")
    identity = Identity(
        "",
        files.certificate,
        files.private_key,
        vault.authority_file("mesh"),
        ports.address("audit"),
        "audit",
    )
    async with Operator.of(identity) as operator:
        async for record in operator.trail(ssin, reason):
            console.print(f"{record.ticket_cbss} {line(record)}", soft_wrap=True)
