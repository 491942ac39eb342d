"""The vocabulary of failures: what can go wrong, said once, without a word about the wire.

A failure is a class. Its docstring is the message a caller reads, its name in upper snake case is
the reason of the contract's `ErrorReason` enum, and the kind it inherits from decides how callers
react. `services.kit.status` alone knows which gRPC code belongs to a kind.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field of a request that is wrong: its path in the message, and what is expected."""

    field: str
    description: str


class Failure(Exception):
    """Something went wrong.

    `facts` holds everything variable that the message mentions, keys in snake case. Neither facts
    nor violations ever hold personal data.
    """

    def __init__(
        self,
        *,
        facts: Mapping[str, str] | None = None,
        violations: Sequence[FieldViolation] = (),
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(self.message())
        self.facts = dict(facts or {})
        self.violations = tuple(violations)
        self.retry_after = retry_after

    @classmethod
    def message(cls) -> str:
        """The sentence that callers read: the first line of the class's own docstring."""
        return (cls.__doc__ or "").strip().splitlines()[0]

    @classmethod
    def reason(cls) -> str:
        """The name in the contract's `ErrorReason`, without its prefix."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).upper()

    @classmethod
    def domain(cls) -> str:
        """Who gives the reason its meaning: `<service>.cbss`, or `cbss` for shared reasons."""
        head, _, rest = cls.__module__.partition(".")
        owner = rest.partition(".")[0] if head == "services" else head
        return "cbss" if owner in ("concepts", "kit", "admission") else f"{owner}.cbss"


class Malformed(Failure):
    """The request cannot be understood."""


class Unauthenticated(Failure):
    """The caller is not known."""


class Forbidden(Failure):
    """The caller is known and may not do this."""


class NotFound(Failure):
    """It does not exist, or the caller may not know whether it does."""


class AlreadyExists(Failure):
    """It exists already, with other content."""


class StateForbids(Failure):
    """The state of things does not allow it now."""


class OutOfRange(Failure):
    """The place that is asked for does not exist any more."""


class LostRace(Failure):
    """Somebody else was first; repeat the whole."""


class QuotaSpent(Failure):
    """The agreed volume is used up for now."""


class Unavailable(Failure):
    """Something that is needed is away; repeat the call."""


class DeadlineSpent(Failure):
    """The time that was given for the answer is over."""


class Internal(Failure):
    """The mesh failed; the trace identification finds the cause."""


class InvalidArgument(Malformed):
    """The request has fields that cannot be used."""


def invalid(field: str, description: str) -> InvalidArgument:
    """The failure that names one field, and what is expected there."""
    return InvalidArgument(violations=[FieldViolation(field, description)])
