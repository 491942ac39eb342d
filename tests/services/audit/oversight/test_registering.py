"""Register, look, unregister: told when it is a habit, not when it is a mistake."""

from datetime import date

import pytest

from services.audit.oversight.model import Code
from services.audit.oversight.rules import alerts
from services.audit.oversight.rules.registering import RegisterLookUnregister
from services.audit.oversight.rules.rulebook import rulebook
from tests.services.audit.oversight.steps import (
    THEM,
    US,
    days,
    look,
    register,
    unregister,
)


def case(day, about, by=7, *, lived=1, who=US, **looking):
    """A person who is registered, looked at, and unregistered some days later."""
    here = {"about": about, "by": by, "who": who}
    return [
        register(day, 10, **here),
        look(day, 11, **(here | looking)),
        unregister(day + lived, 12, **here),
    ]


def found(steps):
    return list(alerts(days(steps), [RegisterLookUnregister(rulebook().registering)]))


def cases(*days_of_them, **what):
    return [one for n, day in enumerate(days_of_them) for one in case(day, 100 + n, **what)]


def ordinary(count):
    """Persons who are registered and stay."""
    return [register(0, 9, about=1000 + n, by=7) for n in range(count)]


@pytest.mark.parametrize(
    ("steps", "count"),
    [
        pytest.param(cases(0, 3, 8), 1, id="three persons in a month"),
        pytest.param(cases(0, 3, 8, 9, 10), 1, id="five: told at the third"),
        pytest.param(cases(0, 3, 8, 9, 10, 11), 2, id="six: told twice"),
        pytest.param(cases(0, 3), 0, id="two are mistakes"),
        pytest.param(cases(0, 3, 8, lived=7), 1, id="closed after a week"),
        pytest.param(cases(0, 3, 8, lived=8), 0, id="closed later: a short file"),
        pytest.param(cases(0, 1, 33), 0, id="spread over more than a month"),
        pytest.param(cases(0, 3, 8) + ordinary(12), 1, id="a fifth of what he registers"),
        pytest.param(cases(0, 3, 8) + ordinary(13), 0, id="who registers many corrects some"),
        pytest.param(cases(0, 3, by=7) + cases(8, by=8), 0, id="two officials are not one"),
        pytest.param(cases(0, 3) + case(8, 102, who=THEM), 0, id="two institutions are not one"),
        pytest.param(cases(0, 3, 8, is_permitted=False), 0, id="whoever was refused saw nothing"),
        pytest.param(cases(0, 3, 8, is_line=True), 0, id="a batch is no look"),
        pytest.param(cases(0, 3, 8, by=None), 1, id="officials are not told"),
    ],
)
def test_cases_are_told_when_they_are_a_habit(steps, count):
    assert len(found(steps)) == count


def test_a_registration_without_a_look_is_a_mistake_set_right():
    steps = [one for n in (0, 3, 8) for one in case(n, 100 + n) if one.kind.value != "look"]

    assert found(steps) == []


def test_the_alert_says_which_exchanges_and_of_which_days():
    steps = cases(0, 3, 8)

    [alert] = found(steps)

    assert alert.code is Code.REGISTER_LOOK_UNREGISTER
    assert (alert.organization, alert.count) == (US, 3)
    assert (alert.first_day, alert.last_day) == (date(2026, 3, 3), date(2026, 3, 11))
    assert set(alert.tickets) == {one.ticket for one in steps}
