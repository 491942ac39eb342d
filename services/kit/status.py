"""Failures as gRPC statuses: the one place that knows which code belongs to which kind."""

from collections.abc import Iterator
from datetime import timedelta

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

from services.concepts import failures
from services.concepts.failures import Failure, FieldViolation

DETAILS_KEY = "grpc-status-details-bin"
"""The trailing metadata key that carries `google.rpc.Status`."""

RETRY_AFTER = timedelta(seconds=1)
"""When to repeat what failed because something was away, where nobody knows better."""

CODES: tuple[tuple[type[Failure], grpc.StatusCode], ...] = (
    (failures.Malformed, grpc.StatusCode.INVALID_ARGUMENT),
    (failures.Unauthenticated, grpc.StatusCode.UNAUTHENTICATED),
    (failures.Forbidden, grpc.StatusCode.PERMISSION_DENIED),
    (failures.NotFound, grpc.StatusCode.NOT_FOUND),
    (failures.AlreadyExists, grpc.StatusCode.ALREADY_EXISTS),
    (failures.StateForbids, grpc.StatusCode.FAILED_PRECONDITION),
    (failures.OutOfRange, grpc.StatusCode.OUT_OF_RANGE),
    (failures.LostRace, grpc.StatusCode.ABORTED),
    (failures.QuotaSpent, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (failures.Unavailable, grpc.StatusCode.UNAVAILABLE),
    (failures.DeadlineSpent, grpc.StatusCode.DEADLINE_EXCEEDED),
    (failures.Internal, grpc.StatusCode.INTERNAL),
)


def code_of(failure: Failure) -> grpc.StatusCode:
    """The gRPC code of a failure's kind."""
    for kind, code in CODES:
        if isinstance(failure, kind):
            return code
    return grpc.StatusCode.INTERNAL


def failure_in(fault: BaseException) -> Failure | None:
    """The failure that explains an exception; of a task group the first, if all are failures."""
    if isinstance(fault, Failure):
        return fault
    if isinstance(fault, BaseExceptionGroup):
        leaves = faults_in(fault)
        if all(isinstance(leaf, Failure) for leaf in leaves):
            return leaves[0]  # type: ignore[return-value]
    return None


def faults_in(fault: BaseException) -> list[BaseException]:
    """The exceptions that a group holds, however deep; or the one that it is."""
    return list(_leaves(fault)) if isinstance(fault, BaseExceptionGroup) else [fault]


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for fault in group.exceptions:
        if isinstance(fault, BaseExceptionGroup):
            yield from _leaves(fault)
        else:
            yield fault


def rich(failure: Failure) -> status_pb2.Status:
    """The failure as `google.rpc.Status`: one ErrorInfo, and what helps the caller to act on it."""
    status = status_pb2.Status(code=code_of(failure).value[0], message=failure.message())
    _add(
        status,
        error_details_pb2.ErrorInfo(
            reason=failure.reason(), domain=failure.domain(), metadata=failure.facts
        ),
    )
    if failure.violations:
        named = [
            error_details_pb2.BadRequest.FieldViolation(
                field=violation.field, description=violation.description
            )
            for violation in failure.violations
        ]
        _add(status, error_details_pb2.BadRequest(field_violations=named))
    after = failure.retry_after
    if after is None and isinstance(failure, failures.Unavailable):
        after = RETRY_AFTER
    if after is not None:
        wait = error_details_pb2.RetryInfo()
        wait.retry_delay.FromTimedelta(after)
        _add(status, wait)
    return status


def reason_in(details: bytes) -> str | None:
    """The reason that a peer gave with its status, if it gave one."""
    info = error_details_pb2.ErrorInfo()
    try:
        for detail in status_pb2.Status.FromString(details).details:
            if detail.Is(info.DESCRIPTOR) and detail.Unpack(info):
                return str(info.reason)
    except DecodeError:
        return None
    return None


def violations_in(details: bytes) -> list[FieldViolation]:
    """The fields that a peer found wrong, if it named some."""
    wrong = error_details_pb2.BadRequest()
    try:
        for detail in status_pb2.Status.FromString(details).details:
            if detail.Is(wrong.DESCRIPTOR) and detail.Unpack(wrong):
                return [
                    FieldViolation(one.field, one.description) for one in wrong.field_violations
                ]
    except DecodeError:
        return []
    return []


def _add(status: status_pb2.Status, message: object) -> None:
    detail = any_pb2.Any()
    detail.Pack(message)
    status.details.append(detail)
