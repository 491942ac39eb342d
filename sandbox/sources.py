"""How the authentic sources fare, as routing tells an operator."""

import grpc.aio
from cbss.routing.v1 import source_service_pb2 as pb
from cbss.routing.v1 import source_service_pb2_grpc as rpc
from rich.table import Table
from rich.text import Text

from cli.failures import NoMesh
from cli.mesh import Mesh
from sandbox.organizations import organizations
from sandbox.state import State

_PATIENCE = 2.0
"""Seconds that routing may take to tell."""


async def source_states(state: State) -> list[dict[str, object]]:
    """Every source that was asked; none if routing does not tell."""
    try:
        asking = Mesh(state=state.folder).person("operator", "routing")
        async with asking.channel() as channel:
            told = await rpc.SourceServiceStub(channel).ListSourceStates(
                pb.ListSourceStatesRequest(), timeout=_PATIENCE
            )
    except (NoMesh, grpc.aio.AioRpcError):
        return []
    names = {one.cbe_number: one.name for one in organizations().values()}
    return [
        {
            "source": names.get(one.cbe_number, one.cbe_number),
            "circuit": pb.Circuit.Name(one.circuit).removeprefix("CIRCUIT_"),
            "waiting": one.waiting_count,
            "most": one.waiting_limit,
            "answered": one.answered_count,
            "failed": one.failed_count,
            "refused": one.refused_count,
        }
        for one in told.sources
    ]


def sources_table(states: list[dict[str, object]]) -> Table:
    """A table to read."""
    table = Table(box=None, padding=(0, 2))
    for heading in ("source", "circuit", "waiting", "answered", "failed", "refused"):
        table.add_column(heading, overflow="fold")
    for one in states:
        circuit = Text(str(one["circuit"]), "green" if one["circuit"] == "CLOSED" else "red")
        waiting = f"{one['waiting']} of {one['most']}"
        counts = (str(one[name]) for name in ("answered", "failed", "refused"))
        table.add_row(str(one["source"]), circuit, waiting, *counts)
    return table
