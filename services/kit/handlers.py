"""Where generated code registers its handlers: each gets the layer around it on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc

from services.kit.caller import Callers
from services.kit.gate import Context
from services.kit.interceptors import Interceptor

UNKNOWN = "unknown"
"""What a method is called that stands in no table of the process."""


class Registration:
    """Stands in for the server in `add_..._to_server(servicer, server)`."""

    def __init__(self, server: grpc.aio.Server, interceptor: Interceptor) -> None:
        self._server = server
        self._interceptor = interceptor

    def add_generic_rpc_handlers(self, handlers: Sequence[Any]) -> None:
        """Nothing: generated code registers the same handlers by name as well."""

    def add_registered_method_handlers(self, service: str, handlers: dict[str, Any]) -> None:
        """Register the handlers of a service, wrapped; what is not implemented is left out."""
        wrapped = {
            method: self._interceptor.wrap(f"{service}/{method}", handler)
            for method, handler in handlers.items()
        }
        self._server.add_registered_method_handlers(
            service, {method: handler for method, handler in wrapped.items() if handler}
        )

    def refuse_the_rest(self) -> None:
        """Answer every other method too, so that no caller learns more than its table says."""
        self._server.add_generic_rpc_handlers([_Rest(self._interceptor)])


class _Rest(grpc.GenericRpcHandler):
    def __init__(self, interceptor: Interceptor) -> None:
        self._interceptor = interceptor

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        method = handler_call_details.method
        rpc = (method.decode() if isinstance(method, bytes) else method).removeprefix("/")
        # What no table lists is not called by its name: a caller can write anything there, and the
        # name stands in logs, spans and answers.
        return self._interceptor.wrap(
            rpc if rpc in self._interceptor.gate.callers else UNKNOWN,
            grpc.unary_unary_rpc_method_handler(_unimplemented),
            counted=False,
        )


async def _unimplemented(_request: bytes, context: Context) -> bytes:
    await context.abort(grpc.StatusCode.UNIMPLEMENTED)
    return b""


@dataclass(frozen=True, slots=True)
class Reflection:
    """The service by which tools read a server's contracts; never in production."""

    servicer: object
    callers: Callers
    full_name: str
    add: Callable[[Any, Any], None]


def reflection_of(services: Sequence[str]) -> Reflection:
    """Reflection of the services, for the operator and through the gateway."""
    name = reflection.SERVICE_NAME
    return Reflection(
        servicer=reflection.aio.ReflectionServicer([*services, name]),
        callers={f"{name}/ServerReflectionInfo": frozenset({"operator"})},
        full_name=name,
        add=reflection_pb2_grpc.add_ServerReflectionServicer_to_server,
    )
