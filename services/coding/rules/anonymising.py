"""What is handed over: values made coarser, units in too small a company left out, all measured.

Groups are formed by all quasi-identifiers together, on the values as they are handed over. Who is
left out is in no group, and is counted; the report measures the finished file, not the plan of it.
Source: k-anonymity (Sweeney 2002), l-diversity (Machanavajjhala and others 2007); the analysis of
small cells before coded data are handed over.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log2

from services.coding.model import (
    Hierarchies,
    Loss,
    Plan,
    Report,
    Row,
    Variable,
    VariableRole,
)
from services.coding.rules.measures import groups_of, measure, places, problems
from services.concepts.failures import FieldViolation


def anonymise(
    plan: Plan, rows: Sequence[Row], hierarchies: Hierarchies
) -> tuple[list[Row], Report]:
    """What may be handed over of what was sent, and the report about it."""
    coarse = [_coarsened(plan, row, hierarchies) for row in rows]
    # Where nothing may be left out, too small a group stays, and refuses the whole.
    kept = _company(plan, coarse) if plan.rules.most_suppressed else coarse
    return kept, Report(
        measure(plan, rows),
        measure(plan, kept),
        len(rows) - len(kept),
        _lost(rows, kept, len(plan.variables)),
        tuple(_losses(plan, rows, kept)),
    )


def refusals(plan: Plan, report: Report) -> Iterator[FieldViolation]:
    """Why it may not be released after all, all of it."""
    most, count = plan.rules.most_suppressed, report.before.unit_count
    if report.suppressed * 1000 > most * count:
        said = f"{report.suppressed} of {count} units would be left out, over {most} of 1,000"
        yield FieldViolation("most_suppressed_per_mille", said)
    yield from problems(report.after, plan.rules)


def coarsen(variable: Variable, value: str, hierarchies: Hierarchies) -> str | None:
    """A value as it is handed over; nothing if its hierarchy does not know it."""
    if not value or not variable.hierarchy:
        return value
    return hierarchies[variable.hierarchy].coarsen(value, variable.level)


def _coarsened(plan: Plan, row: Row, hierarchies: Hierarchies) -> Row:
    # What a hierarchy does not know was refused when it was sent.
    values = (
        coarsen(variable, value, hierarchies) or ""
        for variable, value in zip(plan.variables, row.values, strict=True)
    )
    return Row(row.unit, tuple(values))


def _company(plan: Plan, rows: Sequence[Row]) -> list[Row]:
    """The units that are in company enough, in their order."""
    sensitive, rules = places(plan, VariableRole.SENSITIVE), plan.rules
    kept: set[bytes] = set()
    for members in groups_of(plan, rows).values():
        diverse = all(
            len({row.values[n] for row in members}) >= rules.minimum_diversity for n in sensitive
        )
        if diverse and len(members) >= rules.minimum_group:
            kept.update(row.unit.code for row in members)
    return [row for row in rows if row.unit.code in kept]


def _losses(plan: Plan, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Loss]:
    for n, variable in enumerate(plan.variables):
        yield Loss(variable.name, *(len({row.values[n] for row in one}) for one in (before, after)))


def _lost(before: Sequence[Row], after: Sequence[Row], width: int) -> int:
    had = sum(_bits(before, n) for n in range(width)) * len(before)
    has = sum(_bits(after, n) for n in range(width)) * len(after)
    return 0 if had == 0 else min(1000, max(0, round(1000 * (1 - has / had))))


def _bits(rows: Sequence[Row], n: int) -> float:
    """The entropy of one variable."""
    counts = Counter(row.values[n] for row in rows)
    return sum(count / len(rows) * log2(len(rows) / count) for count in counts.values())
