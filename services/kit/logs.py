"""Structured logs: one JSON object a line on standard output, an event and its fields.

Never about people: who asked what about whom stands in the audit trail and nowhere else.
"""

import asyncio
import json
import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import structlog

from services.kit.caller import CALLER
from services.kit.repeats import Repeats
from services.kit.trace import TRACE

TICKET: ContextVar[str] = ContextVar("ticket")
"""The ticket of the exchange at hand, by which its records are found in the trail."""
_OURS = ("services", "gateway", "sandbox")


def configure(level: str, **constant: str) -> None:
    """Set up the logs of this process; `constant` fields stand on every line."""
    lowest = logging.getLevelNamesMapping()[level.upper()]

    repeats = Repeats()

    def dressed(logger: object, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        return {**_at_hand(), **event, **constant}

    def written(logger: object, method: str, event: MutableMapping[str, Any]) -> str:
        left_out = (
            {"timestamp": event["timestamp"], **line, **constant} for line in repeats.overdue()
        )
        return "\n".join(json.dumps(line, default=str) for line in (*left_out, event))

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            # Whoever asks: what is said for each of a hundred callers is the same.
            repeats,
            dressed,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            written,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    # What libraries say goes to standard error, without their debugging.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line(constant))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _at_hand() -> dict[str, str]:
    """Which call a line belongs to: its trace, whose it is, and its ticket; nobody's name."""
    told: dict[str, str] = {}
    if (trace := TRACE.get()) is not None:
        told["trace"] = trace.trace_id
    if (caller := CALLER.get(None)) is not None:
        told["workload"] = caller.workload
        if caller.client is not None and caller.client.organization_identifier is not None:
            told["organization"] = caller.client.organization_identifier
    if (ticket := TICKET.get("")) != "":
        told["ticket"] = ticket
    return told


class _Line(logging.Formatter):
    """A line of a library, in the form of our own: what it always says, never what it says of the
    case at hand, for that may be a row or a message."""

    def __init__(self, constant: Mapping[str, str]) -> None:
        super().__init__()
        self._constant = constant

    def format(self, record: logging.LogRecord) -> str:
        fault = record.exc_info[1] if record.exc_info else None
        said = str(record.msg).strip().partition("\n")[0]
        line = {
            "event": said[:200],
            "logger": record.name,
            **({} if fault is None else describe_fault(fault)),
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            **self._constant,
        }
        return json.dumps(line)


def report_unhandled(_loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """What the event loop tells of a failure that nobody waits for."""
    fault = context.get("exception")
    told = {} if fault is None else describe_fault(fault)
    structlog.get_logger().error("failed unheard", what=context.get("message", ""), **told)


def describe_fault(fault: BaseException) -> dict[str, Any]:
    """What may be logged of an unknown exception: its type and where it arose, never its text,
    for a driver may have put a row into it; only what we wrote ourselves, and the system, is told
    in words."""
    frames = traceback.extract_tb(fault.__traceback__)[-12:]
    told: dict[str, Any] = {
        "fault": f"{type(fault).__module__}.{type(fault).__qualname__}",
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if type(fault).__module__.partition(".")[0] in _OURS:
        told["message"] = str(fault)
    elif isinstance(fault, OSError) and fault.strerror:
        told["message"] = fault.strerror
    if isinstance(fault, BaseExceptionGroup):
        told["faults"] = [describe_fault(one) for one in fault.exceptions[:4]]
    elif fault.__cause__ is not None:
        told["cause"] = describe_fault(fault.__cause__)
    return told
