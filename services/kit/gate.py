"""Who may come in: judges a call by its peer's certificate before its message is read."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import grpc

from services.concepts.failures import DeadlineSpent
from services.kit import bearer
from services.kit.authorities import Authorities
from services.kit.bearer import Tokens
from services.kit.caller import CALLER, GATEWAY, PEOPLE, Caller, Callers
from services.kit.clock import DEADLINE
from services.kit.errors import CallerNotListed, CallerUnknown
from services.kit.forwarded import HEADER, Forwarded
from services.kit.trace import TRACE, begin_trace, parse_traceparent

Context = grpc.aio.ServicerContext[Any, Any]

SPIFFE = "spiffe://cbss/"
"""The names of workloads in their certificates begin with this."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Admits a call, and states its trace, caller and deadline for all that it leads to."""

    callers: Callers
    authorities: Authorities
    forwarded: Forwarded
    tokens: Tokens
    sampling: float
    """The share of the traces begun here that is sampled."""

    def admit(self, rpc: str, context: Context) -> None:
        """Let the call in, or raise what forbids it."""
        traceparent = ""
        forwarded: list[str] = []
        brought: list[str] = []
        for key, value in context.invocation_metadata() or ():
            if key == "traceparent":
                traceparent = str(value)
            elif key == HEADER:
                forwarded.append(str(value))
            elif key == bearer.HEADER:
                brought.append(str(value))
        trace = parse_traceparent(traceparent) if traceparent else None
        TRACE.set(trace or begin_trace(self.sampling))

        caller = _peer(context)
        workload = caller.workload
        about = context.auth_context()
        if not self.authorities.vouch(workload, b"".join(about.get("x509_pem_cert", ()))):
            raise CallerUnknown
        if workload not in self.callers.get(rpc, ()):
            raise CallerNotListed(facts={"rpc": rpc, "workload": workload})
        if workload == GATEWAY:
            client = self.forwarded.client_certificate(_one(forwarded)) if forwarded else None
            holder = self.tokens.holder(_one(brought)) if brought else None
            CALLER.set(Caller(workload, client, holder=holder))
            if trace is not None and trace.sampled:
                # A client outside the mesh joins its trace but does not decide what ours cost.
                TRACE.set(begin_trace(self.sampling).join(trace))
        elif workload in PEOPLE:
            CALLER.set(Caller(workload, operator=_common_name(about)))
        else:
            CALLER.set(caller)

        left = context.time_remaining()
        if left is not None:
            if left <= 0:
                raise DeadlineSpent
            DEADLINE.set(time.monotonic() + left)


def _one(values: list[str]) -> str:
    if len(values) != 1:
        raise CallerUnknown
    return values[0]


def _peer(context: Context) -> Caller:
    # Without alternative names gRPC falls back on the common name, which proves nothing here.
    if context.peer_identity_key() != "x509_subject_alternative_name":
        raise CallerUnknown
    return _named(tuple(context.peer_identities() or ()))


def _common_name(about: Mapping[str, Iterable[bytes]]) -> str:
    names = tuple(about.get("x509_common_name", ()))
    return str(names[0], "utf-8", "replace") if len(names) == 1 else ""


@lru_cache(maxsize=256)
def _named(alternatives: tuple[bytes, ...]) -> Caller:
    names = {str(name, "utf-8", "replace") for name in alternatives}
    workloads = [name.removeprefix(SPIFFE) for name in names if name.startswith(SPIFFE)]
    if len(workloads) != 1:
        raise CallerUnknown
    return Caller(workloads[0])
