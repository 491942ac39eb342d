"""Clients of the mesh as an institution's developer writes them: generated stubs, a certificate."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import grpc.aio
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.common.v1 import information_pb2, organization_pb2
from cbss.routing.v1 import batch_pb2, batch_service_pb2
from cbss.routing.v1 import batch_service_pb2_grpc as batch_rpc
from cbss.routing.v1 import routing_service_pb2 as pb
from cbss.routing.v1 import routing_service_pb2_grpc as rpc
from google.protobuf import any_pb2, message

from cli.identity import Identity

IN_A_MESSAGE = 1000
"""How many items of a batch travel together."""
__all__ = ["Identity", "Institution", "Operator", "consultation"]


class Institution:
    """An institution's program at the edge of the mesh."""

    def __init__(self, identity: Identity, channel: grpc.aio.Channel) -> None:
        self.cbe_number = identity.cbe_number
        self._routing = rpc.RoutingServiceStub(channel)
        self._batches = batch_rpc.BatchServiceStub(channel)

    @staticmethod
    @asynccontextmanager
    async def of(identity: Identity) -> AsyncIterator["Institution"]:
        """The institution that an identity makes, connected."""
        async with identity.channel() as channel:
            yield Institution(identity, channel)

    async def consult(self, request: pb.ConsultRequest, timeout: float = 5) -> pb.ConsultResponse:
        """One consultation."""
        answer: pb.ConsultResponse = await self._routing.Consult(request, timeout=timeout)
        return answer

    async def submit(
        self, header: batch_pb2.BatchHeader, items: Sequence[batch_pb2.BatchItem]
    ) -> batch_service_pb2.SubmitBatchResponse:
        """What becomes of a batch."""

        async def parts() -> AsyncIterator[batch_service_pb2.SubmitBatchRequest]:
            yield batch_service_pb2.SubmitBatchRequest(header=header)
            for start in range(0, len(items), IN_A_MESSAGE):
                some = batch_service_pb2.BatchItems(items=items[start : start + IN_A_MESSAGE])
                yield batch_service_pb2.SubmitBatchRequest(items=some)

        answer: batch_service_pb2.SubmitBatchResponse = await self._batches.SubmitBatch(
            parts(), timeout=60
        )
        return answer

    async def results(
        self, header: batch_pb2.BatchHeader, batch_id: str
    ) -> AsyncIterator[batch_pb2.BatchResult]:
        """The results of a batch in order, as they come, to the last."""
        asked = batch_service_pb2.StreamBatchResultsRequest(
            information_customer=header.information_customer, batch_id=batch_id
        )
        stream = self._batches.StreamBatchResults(asked, timeout=120)
        try:
            async for message in stream:
                for result in message.results:
                    yield result
        finally:
            stream.cancel()


class Operator:
    """An operator of the mesh, who reads the trail."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.audit = audit_rpc.AuditServiceStub(channel)

    @staticmethod
    @asynccontextmanager
    async def of(identity: Identity) -> AsyncIterator["Operator"]:
        """The operator that an identity makes, connected to the audit service."""
        async with identity.channel() as channel:
            yield Operator(channel)

    async def trail(self, ssin: str, reason: str) -> AsyncIterator[record_pb.ExchangeRecord]:
        """All records about a person, oldest first, page after page."""
        asked = audit_pb.ListExchangesRequest(ssin=ssin, reason=reason)
        while True:
            page = await self.audit.ListExchanges(asked, timeout=10)
            for record in page.records:
                yield record
            if not page.next_page_token:
                return
            asked.page_token = page.next_page_token


def consultation(
    cbe_number: str,
    legal_context: str,
    contract: str,
    subject: str,
    criteria: message.Message | None = None,
) -> pb.ConsultRequest:
    """A question about one person (11 digits) or one enterprise (10 digits), today."""
    is_enterprise = len(subject) == 10
    request = pb.ConsultRequest(
        information_customer=information_pb2.InformationCustomer(
            ticket=str(uuid4()),
            customer_identification=organization_pb2.Organization(cbe_number=cbe_number),
        ),
        legal_context=legal_context,
        data_contract=contract,
        ssin="" if is_enterprise else subject,
        cbe_number=subject if is_enterprise else "",
    )
    request.information_customer.sent_at.FromDatetime(datetime.now(UTC))
    if criteria is not None:
        packed = any_pb2.Any()
        packed.Pack(criteria)
        request.criteria.CopyFrom(packed)
    return request
