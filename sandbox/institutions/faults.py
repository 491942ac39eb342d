"""What can be wrong with a source, on purpose: the mesh must survive each of these."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from cbss.supplier.v1 import supplier_service_pb2 as pb

OTHER_PERSON = "99600000470"
"""A mock number that no persona has."""

UNDECLARED_FIELD = b"\xfa\xff\x7f\x06secret"
"""Field 262127 with a text; no contract declares it."""

GARBAGE = b"\xff" * 32
"""No message: a field number that never ends."""

CRASHED = 70

Respond = Callable[[pb.AnswerRequest], bytes]


class FaultKind(StrEnum):
    """How a source fails."""

    HANG = "hang"
    CRASH = "crash"
    GARBAGE = "garbage"
    OTHER_PERSON = "other-person"
    UNDECLARED_FIELD = "undeclared-field"
    SLOW = "slow"
    WRONG_COUNT = "wrong-count"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, and how long for the slow one."""

    kind: FaultKind
    delay: timedelta = timedelta()


def parse_fault(written: str) -> Fault:
    """The fault that a text names, `slow:<milliseconds>` with a number; ValueError otherwise."""
    name, colon, milliseconds = written.partition(":")
    kind = FaultKind(name)
    if kind is not FaultKind.SLOW and not colon:
        return Fault(kind)
    if kind is not FaultKind.SLOW or not milliseconds.isdecimal():
        raise ValueError("only slow has milliseconds: slow:<milliseconds>")
    return Fault(kind, timedelta(milliseconds=int(milliseconds)))


async def fail(fault: Fault, request: pb.AnswerRequest, respond: Respond) -> bytes:
    """The answer to a request as a source with this fault gives it."""
    before = _BEFORE.get(fault.kind)
    if before is not None:
        await before(fault)
    alter = _ALTERED.get(fault.kind)
    response = respond(request)
    if alter is None:
        return response
    message = pb.AnswerResponse.FromString(response)
    return alter(message)


async def _hang(_fault: Fault) -> None:
    await asyncio.Event().wait()


async def _crash(_fault: Fault) -> None:
    # Not an exception and not an exit that cleans up: the process is gone.
    os._exit(CRASHED)


async def _wait(fault: Fault) -> None:
    await asyncio.sleep(fault.delay.total_seconds())


def _garbage(_response: pb.AnswerResponse) -> bytes:
    return GARBAGE


def _about_another(response: pb.AnswerResponse) -> bytes:
    for answer in response.answers:
        answer.ssin.ssin = OTHER_PERSON
    return response.SerializeToString()


def _with_undeclared_field(response: pb.AnswerResponse) -> bytes:
    for answer in response.answers:
        if answer.HasField("data"):
            answer.data.value += UNDECLARED_FIELD
    return response.SerializeToString()


def _one_short(response: pb.AnswerResponse) -> bytes:
    del response.answers[-1:]
    return response.SerializeToString()


_BEFORE: dict[FaultKind, Callable[[Fault], Awaitable[None]]] = {
    FaultKind.HANG: _hang,
    FaultKind.CRASH: _crash,
    FaultKind.SLOW: _wait,
}
_ALTERED: dict[FaultKind, Callable[[pb.AnswerResponse], bytes]] = {
    FaultKind.GARBAGE: _garbage,
    FaultKind.OTHER_PERSON: _about_another,
    FaultKind.UNDECLARED_FIELD: _with_undeclared_field,
    FaultKind.WRONG_COUNT: _one_short,
}
