"""Whether a decision that is taken once more is the one that was logged."""

from services.access.model import Decision, Granted, Logged, Outcome


def outcome_of(logged: Logged, decision: Decision) -> Outcome:
    """Same verdict, same reason, same deliberation in the same version; or not."""
    if isinstance(decision, Granted):
        same = logged.reason is None and logged.act == decision.act
    else:
        same = logged.reason is decision.because and logged.act == decision.nearest
    return Outcome.SAME if same else Outcome.DIFFERENT
