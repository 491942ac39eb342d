"""The decision: is an exchange covered by a deliberation in force on the day of asking?

The rules are tried in one order, the first that fails decides, and what no rule allows is refused.
Sources: Crossroads Bank Act of 15 January 1990, article 15 (a deliberation for every exchange);
regulation (EU) 2016/679, article 5 (purpose limitation, data minimisation, storage limitation).
"""

import calendar
from datetime import date
from functools import lru_cache

from services.access.model import Decision, Granted, PeriodRule, Question, Reason, Refused
from services.access.rules.snapshots import Act, Snapshot, governing
from services.concepts.criteria import Message, find_outside
from services.concepts.period import Period

_UNKNOWN = Refused(Reason.LEGAL_CONTEXT_UNKNOWN, None)


def decide(question: Question, snapshot: Snapshot, today: date) -> Decision:
    """Grant or refuse an exchange that is asked on a Belgian calendar day."""
    acts = snapshot.acts.get(question.legal_context)
    if acts is None:
        return _UNKNOWN
    # The act in force on the day of the question governs, not the one in force on the days the
    # data describe: the check is of the exchange itself.
    act = governing(acts, today)
    if not _in_force(act, question, today):
        return act.refused[Reason.NOT_IN_FORCE]
    if not _names(act, question):
        return act.refused[Reason.RECIPIENT_NOT_COVERED]
    block = act.blocks.get(question.contract)
    if block is None:
        return act.refused[Reason.DATA_NOT_COVERED]
    if question.mode not in block.modes:
        return act.refused[Reason.MODE_NOT_COVERED]
    if act.general and not _acceded(act, question, today):
        return act.refused[Reason.NOT_ACCEDED]
    if not window(act.period, today).contains(question.period):
        return act.refused[Reason.PERIOD_NOT_COVERED]
    return block.granted


def kept_to(decision: Decision, criteria: Message | None) -> Decision:
    """The decision once the criteria are known too: what keeps to no limit is refused."""
    if isinstance(decision, Granted) and find_outside(decision.criteria, criteria) is not None:
        return Refused(Reason.CRITERIA_NOT_COVERED, decision.act)
    return decision


def _in_force(act: Act, question: Question, today: date) -> bool:
    # An amendment can give a purpose up: its legal context is then known, and no longer in force.
    return (
        act.in_force and question.legal_context in act.legal_contexts and act.validity.covers(today)
    )


def _names(act: Act, question: Question) -> bool:
    return (
        question.place in act.recipients
        or question.customer in act.recipients
        or act.open_to_accession
    )


def _acceded(act: Act, question: Question, today: date) -> bool:
    periods = act.accessions.get(question.customer, ())
    if question.place is not None:
        periods += act.accessions.get(question.place, ())
    return any(period.covers(today) for period in periods)


@lru_cache(maxsize=4096)
def window(rule: PeriodRule, today: date) -> Period:
    forward = rule.months_forward
    return Period(
        months_from(today, -rule.months_back),
        None if forward is None else months_from(today, forward),
    )


def months_from(day: date, months: int) -> date:
    """The same day of the month so many months on, or back; the month's last if it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
