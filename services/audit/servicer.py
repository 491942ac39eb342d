"""The RPCs of the trail: decode, call, encode."""

from dataclasses import dataclass
from typing import Any

import grpc.aio
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc

from services.audit.usecases.citizens import Citizens
from services.audit.usecases.proving import Proofs
from services.audit.usecases.trail import Trail
from services.audit.wire import citizens, inquiries, proofs, records, searches
from services.audit.wire.inquiries import Readers
from services.kit import caller

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class AuditServicer(rpc.AuditServiceServicer):  # type: ignore[misc]
    """Serves `cbss.audit.v1.AuditService`."""

    trail: Trail
    readers: Readers
    proofs: Proofs
    citizens: Citizens

    async def RecordExchanges(
        self, request: pb.RecordExchangesRequest, context: Context
    ) -> pb.RecordExchangesResponse:
        entries = records.entries(request)
        await self.trail.record(entries)
        return pb.RecordExchangesResponse()

    async def RecordReplacement(
        self, request: pb.RecordReplacementRequest, context: Context
    ) -> pb.RecordReplacementResponse:
        replacement = records.replacement(request)
        await self.trail.record_replacement(replacement)
        return pb.RecordReplacementResponse()

    async def ListExchangesByTicket(
        self, request: pb.ListExchangesByTicketRequest, context: Context
    ) -> pb.ListExchangesByTicketResponse:
        reader = self.readers.reader(request, caller.current())
        listed = await self.trail.list_exchanges(inquiries.by_ticket(request, reader))
        return inquiries.listed_by_ticket(listed, reader)

    async def ListExchangesBySubject(
        self, request: pb.ListExchangesBySubjectRequest, context: Context
    ) -> pb.ListExchangesBySubjectResponse:
        reader = self.readers.reader(request, caller.current())
        listed = await self.trail.list_exchanges(inquiries.by_subject(request, reader))
        return inquiries.listed_by_subject(listed, reader)

    async def SearchExchanges(
        self, request: pb.SearchExchangesRequest, context: Context
    ) -> pb.SearchExchangesResponse:
        reader = self.readers.reader(request, caller.current())
        listed = await self.trail.list_exchanges(searches.searched(request, reader))
        return searches.found(listed, reader)

    async def ListOwnExchanges(
        self, request: pb.ListOwnExchangesRequest, context: Context
    ) -> pb.ListOwnExchangesResponse:
        reader = self.readers.reader(request, caller.current())
        party = searches.party(reader)
        listed = await self.trail.list_own_exchanges(searches.own(request, reader, party), party)
        return searches.found_own(listed, reader)

    async def ListMyConsultations(
        self, request: pb.ListMyConsultationsRequest, context: Context
    ) -> pb.ListMyConsultationsResponse:
        reader = self.readers.reader(request, caller.current())
        asking = citizens.citizen(reader)
        inquiry = citizens.inquiry(request, reader, asking)
        uses = await self.citizens.list_my_consultations(asking, inquiry, citizens.told)
        return citizens.listed(uses, reader)

    async def GetCheckpoint(
        self, request: pb.GetCheckpointRequest, context: Context
    ) -> pb.GetCheckpointResponse:
        signed = await self.proofs.get_checkpoint()
        return proofs.checkpoint(signed)

    async def GetInclusionProof(
        self, request: pb.GetInclusionProofRequest, context: Context
    ) -> pb.GetInclusionProofResponse:
        reader = self.readers.reader(request, caller.current())
        proof = await self.proofs.prove_inclusion(proofs.question(request, reader))
        return proofs.inclusion(proof)

    async def GetConsistencyProof(
        self, request: pb.GetConsistencyProofRequest, context: Context
    ) -> pb.GetConsistencyProofResponse:
        hashes = await self.proofs.prove_consistency(request.old_size, request.new_size)
        return proofs.consistency(hashes)
