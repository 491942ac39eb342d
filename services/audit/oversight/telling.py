"""What is told to who runs the job: reports, and before whom alerts were laid; as JSON, and as text
to read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from services.audit.oversight.model import Alert, Code, Report
from services.audit.oversight.model.thresholds import Rulebook
from services.audit.oversight.rules.rulebook import explain_rule

Names = Mapping[str, str]


def reports_json(month: str, reports: Sequence[Report], names: Names) -> str:
    """The reports of a month."""
    told = [{"name": names.get(one.organization, ""), **asdict(one)} for one in reports]
    return json.dumps({"month": month, "reports": told}, ensure_ascii=False, indent=1)


def reports_text(month: str, reports: Sequence[Report], names: Names) -> str:
    """The same, to read."""
    if not reports:
        return f"{month}: nothing was asked"
    return "\n\n".join("\n".join(_lines(month, one, names)) for one in reports)


def _lines(month: str, one: Report, names: Names) -> Iterator[str]:
    yield f"{month}  {_named(one.organization, names)}"
    yield f"  exchanges{one.exchanges:>20,}"
    for purpose, count in one.by_legal_context.items():
        yield f"    {purpose or '(no legal context)':<40}{count:>10,}"
    refused = sum(one.refusals_by_reason.values())
    yield f"  refused{refused:>22,}{_share(refused, one.exchanges)}"
    for reason, count in one.refusals_by_reason.items():
        yield f"    {reason or '(no reason)':<40}{count:>10,}"
    yield f"  outside office hours{one.off_hours:>9,}{_share(one.off_hours, one.exchanges)}"
    idle = one.searches_without_follow_up
    yield f"  searches that found{one.searches:>10,}"
    yield f"    without follow-up{idle:>10,}{_share(idle, one.searches)}"
    yield f"  persons asked about{one.persons:>10,}"
    for times, count in one.persons_asked_at_least.items():
        yield f"    {times} times or more{count:>{13 - len(str(times))},}"
    yield f"  batches{one.batches:>22,}, {one.persons_in_batches:,} persons in them"


def alerts_json(found: Sequence[Alert], names: Names, rules: Rulebook) -> str:
    """How many alerts were laid before whom: what is in one its officer reads first."""
    told = [
        {
            "organization": organization,
            "name": names.get(organization, ""),
            "code": code.value,
            "explanation": asdict(explain_rule(rules, code, some[-1].last_day)),
            "alerts": len(some),
        }
        for (organization, code), some in _laid_before(found).items()
    ]
    return json.dumps({"told": told}, ensure_ascii=False, indent=1)


def alerts_text(found: Sequence[Alert], names: Names, rules: Rulebook, language: str) -> str:
    """The same, to read."""
    if not found:
        return "nothing found"
    return "\n\n".join(
        f"{_named(organization, names)}\n"
        f"  {code.value}: {len(some)} laid before the officer\n"
        f"  {getattr(explain_rule(rules, code, some[-1].last_day), language)}"
        for (organization, code), some in _laid_before(found).items()
    )


def _laid_before(found: Sequence[Alert]) -> Mapping[tuple[str, Code], Sequence[Alert]]:
    """Alerts by institution and rule, in the order of telling."""
    laid: dict[tuple[str, Code], list[Alert]] = {}
    for one in found:
        laid.setdefault((one.organization, one.code), []).append(one)
    return laid


def _named(organization: str, names: Names) -> str:
    return f"{organization} {names.get(organization, '')}".rstrip()


def _share(part: int, whole: int) -> str:
    return f"  ({part / whole:.1%})" if whole else ""
