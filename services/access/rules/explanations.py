"""Why a decision is what it is: every rule in its order, what it found, what it needs.

The explanation follows the decision and never decides: the rules before the one that refused hold,
for they are tried in one order.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from services.access.model import Decision, Deliberation, Granted, Question, Reason, Tried
from services.access.rules.decisions import window
from services.concepts.period import Period


def explain(
    question: Question, decision: Decision, act: Deliberation | None, day: date
) -> list[Tried]:
    """The rules that were tried, the decisive one last."""
    decisive = None if isinstance(decision, Granted) else decision.because
    tried = [rule for rule in Reason if decisive is None or rule <= decisive]
    steps = []
    for rule in tried:
        article, found, needed = _SAYS[rule](question, act, day)
        holds = rule is not decisive
        steps.append(Tried(rule, holds, article, found, "" if holds else needed))
    return steps


Said = tuple[str, str, str]
"""The article, what it says, and what would have to be true."""


def _context(question: Question, act: Deliberation | None, _day: date) -> Said:
    context = question.legal_context
    if act is None:
        return "legal_contexts", "no deliberation lists it", f"a deliberation that lists {context}"
    return "legal_contexts", f"{context} belongs to {act.number}", ""


def _force(question: Question, act: Deliberation | None, day: date) -> Said:
    assert act is not None
    listed = question.legal_context in act.legal_contexts
    found = f"version {act.version}, {act.standing_on(day).value}, valid {_span(act.validity)}"
    if not listed:
        return "legal_contexts", found, f"a version in force that lists {question.legal_context}"
    return "validity", found, f"enacted and valid on {day}"


def _recipient(question: Question, act: Deliberation | None, _day: date) -> Said:
    assert act is not None
    found = _listed(act.recipients)
    if act.may_accede is not None:
        bounds = (*act.may_accede.kinds, *(f"sector {one}" for one in act.may_accede.sectors))
        found = f"open to accession by {_listed(bounds)}"
    return "recipients", found, f"{_who(question)} among the recipients"


def _data(question: Question, act: Deliberation | None, _day: date) -> Said:
    assert act is not None
    found = _listed(block.contract for block in act.data_blocks)
    return "data_blocks", found, f"a data block for {question.contract}"


def _mode(question: Question, act: Deliberation | None, _day: date) -> Said:
    assert act is not None
    for at, block in enumerate(act.data_blocks):
        if block.contract == question.contract:
            found = _listed(mode.name for mode in block.modes)
            return f"data_blocks[{at}].modes", found, f"{question.mode.name} among the modes"
    return "data_blocks", "", f"a data block for {question.contract}"


def _accession(question: Question, act: Deliberation | None, day: date) -> Said:
    assert act is not None
    found = "; ".join(f"{one.recipient} {_span(one.period)}" for one in act.accessions)
    needed = f"an accession of {_who(question)} that covers {day}"
    return "accessions", found or f"{act.kind.value}, none", needed


def _period(question: Question, act: Deliberation | None, day: date) -> Said:
    assert act is not None
    allowed = _span(window(act.period, day))
    return (
        "period",
        f"on {day}: {allowed}",
        f"days within {allowed}; asked {_span(question.period)}",
    )


def _criteria(question: Question, act: Deliberation | None, _day: date) -> Said:
    assert act is not None
    at, block = next(
        (at, one) for at, one in enumerate(act.data_blocks) if one.contract == question.contract
    )
    found = "; ".join(map(str, block.criteria))
    return f"data_blocks[{at}].criteria", found or "free", f"criteria that keep to: {found}"


_SAYS: Mapping[Reason, Callable[[Question, Deliberation | None, date], Said]] = {
    Reason.LEGAL_CONTEXT_UNKNOWN: _context,
    Reason.NOT_IN_FORCE: _force,
    Reason.RECIPIENT_NOT_COVERED: _recipient,
    Reason.DATA_NOT_COVERED: _data,
    Reason.MODE_NOT_COVERED: _mode,
    Reason.NOT_ACCEDED: _accession,
    Reason.PERIOD_NOT_COVERED: _period,
    Reason.CRITERIA_NOT_COVERED: _criteria,
}


def _who(question: Question) -> str:
    return f"{question.customer}" + (f" ({question.place})" if question.place else "")


def _span(period: Period) -> str:
    return f"from {period.begin} " + (f"until {period.end}" if period.end else "without end")


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)
