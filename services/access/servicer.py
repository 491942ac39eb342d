"""The RPCs of access: decode, call, encode."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc.aio
from cbss.access.v1 import access_service_pb2 as pb
from cbss.access.v1 import access_service_pb2_grpc as rpc
from cbss.access.v1 import deliberation_service_pb2 as register_pb
from cbss.access.v1 import deliberation_service_pb2_grpc as register_rpc

from services.access.model import Step
from services.access.usecases import Access, Callers, Examinations, Register, Today
from services.access.wire import administration, decisions, examinations, parties
from services.access.wire.publishing import Publisher
from services.kit import caller
from services.kit.paging import PageTokens

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class AccessServicer(rpc.AccessServiceServicer):  # type: ignore[misc]
    """Serves `cbss.access.v1.AccessService`."""

    access: Access
    callers: Callers
    today: Callable[[], Today]
    form: decisions.Travelling

    async def CheckAccess(
        self, request: pb.CheckAccessRequest, context: Context
    ) -> pb.CheckAccessResponse:
        asked = decisions.decode_check_access(request)
        times = decisions.decode_times(request)
        decided, version = self.access.check_access(asked, self.today(), self.form, times)
        return decisions.encode_check_access_response(decided, version)

    async def CheckCaller(
        self, request: pb.CheckCallerRequest, context: Context
    ) -> pb.CheckCallerResponse:
        claim = parties.decode_claim(request)
        party = await self.callers.check_caller(claim)
        return parties.encode_check_caller_response(party)


@dataclass(frozen=True)
class DeliberationServicer(register_rpc.DeliberationServiceServicer):  # type: ignore[misc]
    """Serves `cbss.access.v1.DeliberationService`."""

    register: Register
    examinations: Examinations
    publisher: Publisher
    tokens: PageTokens

    async def ListDeliberations(
        self, request: register_pb.ListDeliberationsRequest, context: Context
    ) -> register_pb.ListDeliberationsResponse:
        asking, most = caller.current(), administration.decode_size(request)
        after = administration.decode_position(self.tokens, request, asking)
        found = await self.register.list(
            after,
            most + 1,
            administration.decode_legal_context(request),
            proposals=administration.sees_proposals(asking),
        )
        return await self.publisher.page(self.tokens, request, asking, found, most)

    async def GetDeliberation(
        self, request: register_pb.GetDeliberationRequest, context: Context
    ) -> register_pb.GetDeliberationResponse:
        act = administration.decode_act(request.number, request.version)
        proposals = administration.sees_proposals(caller.current())
        found = await self.register.get(act.number, act.version, proposals=proposals)
        return register_pb.GetDeliberationResponse(deliberation=await self.publisher.one(found))

    async def ProposeDeliberation(
        self, request: register_pb.ProposeDeliberationRequest, context: Context
    ) -> register_pb.ProposeDeliberationResponse:
        asking = administration.decode_request(request, caller.current())
        found = await self.register.propose(
            asking, await administration.decode_draft(request.document)
        )
        return register_pb.ProposeDeliberationResponse(deliberation=await self.publisher.one(found))

    async def CompareDeliberation(
        self, request: register_pb.CompareDeliberationRequest, context: Context
    ) -> register_pb.CompareDeliberationResponse:
        draft = await administration.decode_draft(request.document)
        version, found = await self.register.compare(draft)
        return examinations.encode_compare_deliberation_response(version, found)

    async def EnactDeliberation(
        self, request: register_pb.EnactDeliberationRequest, context: Context
    ) -> register_pb.EnactDeliberationResponse:
        asking, act = (
            administration.decode_request(request, caller.current()),
            administration.decode_step(request),
        )
        found = await self.register.move(asking, act, Step.ENACT)
        return register_pb.EnactDeliberationResponse(deliberation=await self.publisher.one(found))

    async def SuspendDeliberation(
        self, request: register_pb.SuspendDeliberationRequest, context: Context
    ) -> register_pb.SuspendDeliberationResponse:
        asking, act = (
            administration.decode_request(request, caller.current()),
            administration.decode_step(request),
        )
        found = await self.register.move(asking, act, Step.SUSPEND)
        return register_pb.SuspendDeliberationResponse(deliberation=await self.publisher.one(found))

    async def WithdrawDeliberation(
        self, request: register_pb.WithdrawDeliberationRequest, context: Context
    ) -> register_pb.WithdrawDeliberationResponse:
        asking, act = (
            administration.decode_request(request, caller.current()),
            administration.decode_step(request),
        )
        found = await self.register.move(asking, act, Step.WITHDRAW)
        return register_pb.WithdrawDeliberationResponse(
            deliberation=await self.publisher.one(found)
        )

    async def AccedeToDeliberation(
        self, request: register_pb.AccedeToDeliberationRequest, context: Context
    ) -> register_pb.AccedeToDeliberationResponse:
        asking, act = (
            administration.decode_request(request, caller.current()),
            administration.decode_act(request.number, 0),
        )
        found = await self.register.accede(
            asking, act.number, administration.decode_accession(request)
        )
        return register_pb.AccedeToDeliberationResponse(
            deliberation=await self.publisher.one(found)
        )

    async def EnactAccession(
        self, request: register_pb.EnactAccessionRequest, context: Context
    ) -> register_pb.EnactAccessionResponse:
        asking, act = (
            administration.decode_request(request, caller.current()),
            administration.decode_act(request.number, 0),
        )
        recipient, begin = administration.decode_accession_key(request)
        found = await self.register.enact_accession(asking, act.number, recipient, begin)
        return register_pb.EnactAccessionResponse(deliberation=await self.publisher.one(found))

    async def ExplainDecision(
        self, request: register_pb.ExplainDecisionRequest, context: Context
    ) -> register_pb.ExplainDecisionResponse:
        question = decisions.decode_question(request.question)
        explained = await self.examinations.explain(
            question, examinations.decode_criteria(request), examinations.decode_asked_on(request)
        )
        return examinations.encode_explain_decision_response(explained)

    async def DryRunDeliberation(
        self, request: register_pb.DryRunDeliberationRequest, context: Context
    ) -> register_pb.DryRunDeliberationResponse:
        draft = await administration.decode_draft(request.document)
        return examinations.encode_dry_run_deliberation_response(
            await self.examinations.dry_run(draft), examinations.decode_examples(request)
        )

    async def ReplayDecisions(
        self, request: register_pb.ReplayDecisionsRequest, context: Context
    ) -> register_pb.ReplayDecisionsResponse:
        logged = examinations.decode_replay_decisions(request)
        return examinations.encode_replay_decisions_response(await self.examinations.replay(logged))
