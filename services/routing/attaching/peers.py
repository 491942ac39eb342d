"""The other processes that sources attach to, each at the address that it tells itself."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack
from typing import Self

from cbss.supplier.v1 import supplier_service_pb2 as supplier_pb
from cbss.supplier.v1 import supplier_service_pb2_grpc as supplier_rpc

from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.channels import channel
from services.kit.tls import ClientTls
from services.routing.attaching.model import Answer, Question
from services.routing.attaching.rules import WORKLOAD


class PeerOthers:
    """Hands questions on within the mesh, over one channel to each."""

    def __init__(self, tls: ClientTls) -> None:
        self._tls = tls
        self._open: dict[str, tuple[supplier_rpc.SupplierServiceStub, AsyncExitStack]] = {}

    async def ask(
        self, address: str, source: EnterpriseNumber, questions: Sequence[Question]
    ) -> Sequence[Answer]:
        """The answers of a source that is attached at the address."""
        request = supplier_pb.AnswerRequest(
            questions=questions, supplier_cbe_number=source.digits, handed_on=True
        )
        stub = await self._stub(address)
        return list((await stub.Answer(request)).answers)

    async def keep_only(self, addresses: Collection[str]) -> int:
        """Close the channels to all other places; how many."""
        gone = [self._open.pop(one) for one in [*self._open] if one not in addresses]
        await asyncio.gather(*(opened.aclose() for _, opened in gone))
        return len(gone)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *fault: object) -> None:
        await self.keep_only(())

    async def _stub(self, address: str) -> supplier_rpc.SupplierServiceStub:
        known = self._open.get(address)
        if known is None:
            opened = AsyncExitStack()
            # Opening does not give way, so nobody opens the same channel meanwhile.
            line = await opened.enter_async_context(
                channel(address, server_name=WORKLOAD, tls=self._tls)
            )
            known = self._open[address] = supplier_rpc.SupplierServiceStub(line), opened
        return known[0]
