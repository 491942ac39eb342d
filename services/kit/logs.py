"""Structured logs: one JSON object a line on standard output, an event and its fields.

Never about people: who asked what about whom stands in the audit trail and nowhere else.
"""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from services.kit.trace import TRACE


def configure(level: str, **constant: str) -> None:
    """Set up the logs of this process; `constant` fields stand on every line."""
    lowest = logging.getLevelNamesMapping()[level.upper()]

    def dressed(logger: object, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        trace = TRACE.get()
        if trace is not None:
            event["trace"] = trace.trace_id
        return {**event, **constant}

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            dressed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    # What libraries say goes to standard error, without their debugging.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")


def shown(fault: BaseException) -> dict[str, Any]:
    """What may be logged of an unknown exception: its type and where it arose, never its text,
    for a driver may have put a row into it."""
    frames = traceback.extract_tb(fault.__traceback__)[-12:]
    told: dict[str, Any] = {
        "fault": f"{type(fault).__module__}.{type(fault).__qualname__}",
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if isinstance(fault, BaseExceptionGroup):
        told["faults"] = [shown(one) for one in fault.exceptions[:4]]
    elif fault.__cause__ is not None:
        told["cause"] = shown(fault.__cause__)
    return told
