"""The job, from the command line: `python -m services.audit.oversight --help`."""

import argparse
import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from services.audit.oversight.members import Members, estimates, members, names_of
from services.audit.oversight.overseer import open_overseer
from services.audit.oversight.rules.rulebook import rulebook
from services.audit.oversight.settings import Settings
from services.audit.oversight.telling import alerts_json, alerts_text, reports_json, reports_text
from services.audit.trail.month_names import month_name, month_number, parse_month_name
from services.kit.clock import belgian_day
from services.kit.settings import load


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="services.audit.oversight", description=__doc__)
    asked = parser.add_subparsers(dest="what", required=True)
    reporting = asked.add_parser("report", help="how each institution used the network in a month")
    reporting.add_argument(
        "--month", type=parse_month_name, help="such as 2026-11; else the month before this one"
    )
    reporting.add_argument("--organization", default="", help="its enterprise number; else all")
    looking = asked.add_parser("misuse", help="what the rules of misuse.yaml find in a period")
    looking.add_argument("--from", dest="first", type=date.fromisoformat, help="else yesterday")
    looking.add_argument("--until", type=date.fromisoformat, help="not included; else today")
    looking.add_argument("--language", choices=("nl", "fr", "de"), default="nl")
    for one in (reporting, looking):
        one.add_argument("--json", action="store_true", help="as JSON instead of text")
        one.add_argument("--registry", type=Path, help="an archive of it: names, volumes announced")
    given = parser.parse_args()
    today = belgian_day(datetime.now(UTC))
    settings = load(Settings)
    dsn = settings.database_dsn_file.read_text().strip()
    known = members(given.registry)
    if given.what == "report":
        month = month_asked(given.month, today)
        told = report_months(
            dsn,
            settings.subject_keys_file,
            month,
            given.organization,
            known,
            as_json=given.json,
        )
    else:
        period = period_asked(given.first, given.until, today)
        if period[0] >= period[1]:
            parser.error(f"{period[0]} is not before {period[1]}")
        told = look_for_misuse(
            dsn,
            settings.subject_keys_file,
            period,
            known,
            None if given.json else given.language,
        )
    print(asyncio.run(told))


def month_asked(month: int | None, today: date) -> int:
    """The month that is named, or the last that is over: what the clock asks for."""
    return month_number(today.year, today.month) - 1 if month is None else month


def period_asked(first: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The days that are named, the last not included; else yesterday, or the day before `until`."""
    end = until or (today if first is None else max(today, first + timedelta(days=1)))
    return first or end - timedelta(days=1), end


async def report_months(
    dsn: str, keys_file: Path, month: int, organization: str, known: Members, *, as_json: bool
) -> str:
    """The reports of a month, of one institution or of all; each is kept for its officer."""
    async with open_overseer(dsn, keys_file, rulebook()) as overseer:
        found = await overseer.monthly(month)
    shown = [one for one in found if organization in ("", one.organization)]
    return (reports_json if as_json else reports_text)(month_name(month), shown, names_of(known))


async def look_for_misuse(
    dsn: str,
    keys_file: Path,
    period: tuple[date, date],
    known: Members,
    language: str | None,
) -> str:
    """Before whom alerts of a period were laid: as text in a language, or as JSON."""
    rules = rulebook()
    async with open_overseer(dsn, keys_file, rules) as overseer:
        found = await overseer.misuse(*period, estimates(known))
    names = names_of(known)
    if language is None:
        return alerts_json(found, names, rules)
    return alerts_text(found, names, rules, language)


if __name__ == "__main__":
    main()
