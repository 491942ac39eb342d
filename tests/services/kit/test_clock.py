"""Days in Belgium, also by clocks that differ."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.kit.clock import belgian_days

LAST, FIRST = date(2026, 3, 31), date(2026, 4, 1)
FIVE = timedelta(minutes=5)


@pytest.mark.parametrize(
    ("at", "tolerance", "days"),
    [
        (datetime(2026, 3, 31, 12, tzinfo=UTC), FIVE, {LAST}),
        (datetime(2026, 3, 31, 21, 54, tzinfo=UTC), FIVE, {LAST}),
        (datetime(2026, 3, 31, 21, 56, tzinfo=UTC), FIVE, {LAST, FIRST}),
        (datetime(2026, 3, 31, 22, 4, tzinfo=UTC), FIVE, {LAST, FIRST}),
        (datetime(2026, 3, 31, 22, 6, tzinfo=UTC), FIVE, {FIRST}),
        (datetime(2026, 3, 31, 22, 6, tzinfo=UTC), timedelta(0), {FIRST}),
        # The night in which clocks go forward begins an hour later in UTC.
        (datetime(2026, 3, 28, 22, 58, tzinfo=UTC), FIVE, {date(2026, 3, 28), date(2026, 3, 29)}),
        (
            datetime(2026, 3, 31, 12, tzinfo=UTC),
            timedelta(days=1),
            {date(2026, 3, 30), LAST, FIRST},
        ),
    ],
)
def test_around_midnight_it_is_two_days(at, tolerance, days):
    assert belgian_days(at, tolerance) == days
