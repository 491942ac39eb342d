"""The job, from the command line: `python -m services.audit.oversight --help`."""

import argparse
import asyncio
from datetime import date
from pathlib import Path

from services.audit.oversight.model.thresholds import Estimates
from services.audit.oversight.onboarding import estimates
from services.audit.oversight.overseer import open_overseer
from services.audit.oversight.rules.rulebook import rulebook
from services.audit.oversight.settings import Settings
from services.audit.oversight.telling import alerts_json, alerts_text, reports_json, reports_text
from services.audit.trail.month_names import month_name, parse_month_name
from services.kit.settings import load


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="services.audit.oversight", description=__doc__)
    asked = parser.add_subparsers(dest="what", required=True)
    reporting = asked.add_parser("report", help="how each institution used the network in a month")
    reporting.add_argument("--month", type=parse_month_name, required=True, help="such as 2026-11")
    reporting.add_argument("--organization", default="", help="its enterprise number; else all")
    looking = asked.add_parser("misuse", help="what the rules of misuse.yaml find in a period")
    looking.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
    looking.add_argument("--until", type=date.fromisoformat, required=True, help="not included")
    looking.add_argument("--onboarding", type=Path, help="the file with the volumes announced")
    looking.add_argument("--language", choices=("nl", "fr", "de"), default="nl")
    for one in (reporting, looking):
        one.add_argument("--json", action="store_true", help="as JSON instead of text")
    given = parser.parse_args()
    settings = load(Settings)
    dsn = settings.database_dsn_file.read_text().strip()
    if given.what == "report":
        told = report_months(
            dsn, settings.subject_keys_file, given.month, given.organization, as_json=given.json
        )
    else:
        period = (given.first, given.until)
        expected = estimates(given.onboarding.read_text("utf-8")) if given.onboarding else {}
        told = look_for_misuse(
            dsn,
            settings.subject_keys_file,
            period,
            expected,
            None if given.json else given.language,
        )
    print(asyncio.run(told))


async def report_months(
    dsn: str, keys_file: Path, month: int, organization: str, *, as_json: bool
) -> str:
    """The reports of a month, of one institution or of all; each is kept for its officer."""
    async with open_overseer(dsn, keys_file, rulebook()) as overseer:
        found = await overseer.monthly(month)
        shown = [one for one in found if organization in ("", one.organization)]
        names = await overseer.names_of([one.organization for one in shown])
    return (reports_json if as_json else reports_text)(month_name(month), shown, names)


async def look_for_misuse(
    dsn: str,
    keys_file: Path,
    period: tuple[date, date],
    expected: Estimates,
    language: str | None,
) -> str:
    """Before whom alerts of a period were laid: as text in a language, or as JSON."""
    rules = rulebook()
    async with open_overseer(dsn, keys_file, rules) as overseer:
        found = await overseer.misuse(*period, expected)
        names = await overseer.names_of(sorted({one.organization for one in found}))
    if language is None:
        return alerts_json(found, names, rules)
    return alerts_text(found, names, rules, language)


if __name__ == "__main__":
    main()
