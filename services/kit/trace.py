"""Trace contexts (W3C traceparent): which trace a call belongs to, and whether it is sampled."""

import random
import re
from contextvars import ContextVar
from dataclasses import dataclass

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
# Numbers that only have to differ, not to be secret.
_chance = random.Random()  # noqa: S311


@dataclass(frozen=True, slots=True)
class Trace:
    """The place of a call in a trace."""

    trace_id: str
    span_id: str
    sampled: bool

    @property
    def traceparent(self) -> str:
        """The header that carries this to a peer."""
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"

    def join(self, outer: "Trace") -> "Trace":
        """The same decision about sampling, in another trace."""
        return Trace(outer.trace_id, outer.span_id, self.sampled)


TRACE: ContextVar[Trace | None] = ContextVar("trace", default=None)


def parse_traceparent(traceparent: str) -> Trace | None:
    """The trace that a header names; None if the header is not one (it is then ignored)."""
    found = _TRACEPARENT.fullmatch(traceparent)
    if found is None:
        return None
    version, trace_id, span_id, flags, rest = found.groups()
    if (
        version == "ff"
        or (version == "00" and rest)
        or not int(trace_id, 16)
        or not int(span_id, 16)
    ):
        return None
    return Trace(trace_id, span_id, bool(int(flags, 16) & 1))


def begin_trace(sampling: float) -> Trace:
    """A new trace, sampled in that share of the cases."""
    return Trace(
        f"{_chance.getrandbits(128) or 1:032x}",
        f"{_chance.getrandbits(64) or 1:016x}",
        _chance.random() < sampling,
    )


def trace_id() -> str:
    """The trace of the call at hand, 32 hexadecimal digits; empty if it belongs to none."""
    trace = TRACE.get()
    return "" if trace is None else trace.trace_id
