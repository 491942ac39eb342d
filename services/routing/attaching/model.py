"""The nouns of attaching: what is said on a stream, each way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

Question = Any
"""A question as routing made it; passed on as it is."""
Answer = Any
"""An answer as the source made it; judged where all answers are."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a stream may have, and how long."""

    heartbeat: timedelta
    """How often each side says that it lives."""
    life: timedelta
    """After how long a stream ends by itself, give or take a fifth: connections end too."""
    farewell: timedelta
    """How long what was asked may still be answered once a stream is about to end."""
    stopping: timedelta
    """The same when the process is about to stop."""
    credit: int
    """The most questions that may be unanswered on one stream."""
    streams: int
    """How many streams a process holds."""
    streams_each: int
    """How many of them of one source."""


@dataclass(frozen=True, slots=True)
class Attached:
    """The stream is open, under these rules."""

    heartbeat: timedelta
    credit: int


@dataclass(frozen=True, slots=True)
class Asking:
    """A list of questions under its number."""

    number: int
    questions: Sequence[Question]
    time_left: timedelta | None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Whoever says it lives."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Nothing more is asked on the stream."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The next answers of a list."""

    number: int
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Detaching:
    """The source wants no more questions."""


Told = Attached | Asking | Heartbeat | Leaving
"""What the mesh says."""
Heard = Answering | Heartbeat | Detaching
"""What a source says once it is attached."""


class Stray(Enum):
    """Why an answer is dropped; the value is what the trail reads."""

    TWICE = "ANSWERED_TWICE"
    LATE = "ANSWERED_LATE"
    UNASKED = "ANSWERED_UNASKED"
