"""Reads the trail of a period, and tells what is in it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from services.audit.log.store.places import PostgresPlaces
from services.audit.oversight import rules as ruling
from services.audit.oversight.acts import alert_of, alert_record, reading
from services.audit.oversight.days import PATIENCE, Days
from services.audit.oversight.model import Alert, Day, Report
from services.audit.oversight.model.thresholds import Estimates, Rulebook
from services.audit.oversight.reports import Reports
from services.audit.oversight.steps import Steps
from services.audit.oversight.store.alerts import PostgresAlerts
from services.audit.oversight.store.monthly import PostgresMonthlyReports
from services.audit.oversight.wire.monthly import encode_counted_month
from services.audit.trail.month_keys import Months
from services.audit.trail.store.periods import PostgresPeriods
from services.audit.trail.store.records import PostgresRecords
from services.audit.trail.store.replacements import PostgresReplacements
from services.audit.trail.store.wrapped_keys import PostgresMonths
from services.audit.trail.subjects import SubjectKeys
from services.audit.trail.usecases.trail import Trail
from services.kit.clock import Clock, belgian_day, belgian_midnight, utc_now
from services.kit.ids import uuid7
from services.kit.postgres import pool

SKEW = timedelta(hours=1)
"""How much earlier than a record says it may have been recorded."""
AT_ONCE = 500


@dataclass(frozen=True)
class Overseer:
    """Reports and looks for misuse; that it read is durable before."""

    trail: Trail
    periods: PostgresPeriods
    alerts: PostgresAlerts
    reports: PostgresMonthlyReports
    months: Months
    rules: Rulebook
    new_id: Callable[[], UUID]
    now: Clock

    async def report(self, first: date, end: date) -> list[Report]:
        """How each institution used the network from a day to before another, today included."""
        await self._read(f"reports from {first} to before {end}")
        counting = Reports(self.rules, first, end)
        async for day in self._days(first, end + timedelta(self.rules.days_after)):
            counting.see(day)
        return counting.all()

    async def monthly(self, month: int) -> list[Report]:
        """How each institution used the network in a month; kept for the officers once it is known
        what came of its last searches."""
        first, end = first_day(month), first_day(month + 1)
        made = await self.report(first, end)
        if belgian_day(self.now()) >= end + timedelta(self.rules.days_after):
            await self.reports.keep([encode_counted_month(one, month, self.now()) for one in made])
        return made

    async def misuse(self, first: date, end: date, estimates: Estimates) -> list[Alert]:
        """What the rules find from a day to before another, of days that are over; durable in the
        trail, each among the records of whom it is for, and laid before that officer."""
        await self._read(f"misuse from {first} to before {end}")
        end = min(end, belgian_day(self.now()))
        looking = ruling.detectors(self.rules, estimates)
        before, after = timedelta(self.rules.days_before), timedelta(self.rules.days_after)
        found: list[Alert] = []
        async for day in self._days(first - before, end + after):
            found += ruling.within(ruling.alerts([day], looking), first, end)
        due = self.rules.due(belgian_day(self.now()))
        for at in range(0, len(found), AT_ONCE):
            some = found[at : at + AT_ONCE]
            await self.trail.record([alert_record(one, self.now()) for one in some])
            await self.alerts.add([alert_of(one, due) for one in some])
        return found

    async def _read(self, why: str) -> None:
        await self.trail.record([reading(why, self.new_id(), self.new_id(), self.now())])

    async def _days(self, first: date, end: date) -> AsyncIterator[Day]:
        """Every day of the period that has begun."""
        end = min(end, belgian_day(self.now()) + timedelta(1))
        steps, days = Steps(await self.months.all()), Days(first, end)
        begin, until = self._bounds(first, end)
        async for kept in self.periods.between(begin, until):
            for day in days.add(steps.of(kept)):
                yield day
        for day in days.rest():
            yield day

    def _bounds(self, first: date, end: date) -> tuple[datetime, datetime]:
        return belgian_midnight(first) - SKEW, belgian_midnight(end) + PATIENCE


@asynccontextmanager
async def open_overseer(
    dsn: str, keys_file: Path, rules: Rulebook, now: Clock = utc_now
) -> AsyncIterator[Overseer]:
    """The overseer of a store. It enters as the service does: it can read and add."""
    keys = SubjectKeys.read(keys_file)
    async with pool(dsn, name="oversight") as entered, PostgresRecords(entered) as records:
        months = Months(PostgresMonths(entered), keys, utc_now)
        trail = Trail(
            records,
            PostgresReplacements(entered),
            months,
            keys,
            PostgresPlaces(entered),
        )
        periods, alerts = PostgresPeriods(entered), PostgresAlerts(entered)
        reports = PostgresMonthlyReports(entered)
        yield Overseer(trail, periods, alerts, reports, months, rules, uuid7, now)


def first_day(month: int) -> date:
    """The first day of a month, by its number."""
    return date(month // 12, month % 12 + 1, 1)
