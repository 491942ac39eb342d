"""The RPC of a source, over bytes: what it sends was mostly serialized when it started."""

from typing import Any

import grpc
from cbss.supplier.v1 import supplier_service_pb2 as pb

from sandbox.institutions.faults import Fault, Respond, fail
from services.kit.server import Service

_DESCRIPTOR = pb.DESCRIPTOR.services_by_name["SupplierService"]


class SupplierServicer:
    """A source that works."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    async def Answer(self, request: pb.AnswerRequest, _context: object) -> bytes:
        """Answer every question."""
        return self._respond(request)


class FaultySupplierServicer:
    """A source that fails in one way."""

    def __init__(self, respond: Respond, fault: Fault) -> None:
        self._respond = respond
        self._fault = fault

    async def Answer(self, request: pb.AnswerRequest, _context: object) -> bytes:
        """Answer every question, wrongly or not at all."""
        return await fail(self._fault, request, self._respond)


def service(respond: Respond, fault: Fault | None = None) -> Service:
    """The service of a source, ready to be served."""
    servicer = FaultySupplierServicer(respond, fault) if fault else SupplierServicer(respond)
    return Service(_add, servicer, _DESCRIPTOR)


def _add(servicer: Any, server: Any) -> None:
    # As generated code does it, without a message to serialize.
    answer = grpc.unary_unary_rpc_method_handler(
        servicer.Answer,
        request_deserializer=pb.AnswerRequest.FromString,
        response_serializer=bytes,
    )
    server.add_registered_method_handlers(_DESCRIPTOR.full_name, {"Answer": answer})
