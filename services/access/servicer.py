"""The RPCs of access: decode, call, encode."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import grpc.aio
from cbss.access.v1 import access_service_pb2 as pb
from cbss.access.v1 import access_service_pb2_grpc as rpc

from services.access.usecases import Access
from services.access.wire import decisions, parties
from services.kit.clock import belgian_day

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class AccessServicer(rpc.AccessServiceServicer):  # type: ignore[misc]
    """Serves `cbss.access.v1.AccessService`."""

    access: Access
    now: Callable[[], datetime]

    async def CheckAccess(
        self, request: pb.CheckAccessRequest, context: Context
    ) -> pb.CheckAccessResponse:
        asked = decisions.questions(request)
        decided = await self.access.check_access(asked, belgian_day(self.now()))
        return decisions.response(decided)

    async def CheckCaller(
        self, request: pb.CheckCallerRequest, context: Context
    ) -> pb.CheckCallerResponse:
        claim = parties.claim(request)
        party = await self.access.check_caller(claim)
        return parties.response(party)
