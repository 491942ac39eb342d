"""Clocks that differ around midnight in Belgium: the day on which a question came in counts."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from cbss.common.v1 import period_pb2
from google.type import date_pb2

from tests.architecture.project import ROOT
from tests.mesh.asking import consult, outcome, question, until_it_answers

APART = timedelta(minutes=20)
"""How far the clocks are apart: far more than all of this takes."""


@asynccontextmanager
async def clocks(mesh, midnight, **ahead):
    """Processes with clocks that are so many seconds ahead, around a midnight of their own."""
    settings = {
        "PYTHONPATH": str(ROOT / "tests" / "support" / "skewed"),
        "MIDNIGHT": midnight.replace(microsecond=0).isoformat(),
    }
    try:
        for name, skew in ahead.items():
            await mesh.stop(name)
            tolerated = {"CLOCK_TOLERANCE": "3600"} if name == "access" else {}
            await mesh.start(name, **settings, **tolerated, SKEW_SECONDS=str(skew.total_seconds()))
        await until_it_answers(mesh)
        yield
    finally:
        for name in ahead:
            await mesh.stop(name)
            tolerated = {"CLOCK_TOLERANCE": "300"} if name == "access" else {}
            await mesh.start(name, PYTHONPATH="", MIDNIGHT="", SKEW_SECONDS="", **tolerated)
        await until_it_answers(mesh)


def on(day):
    """A question about one day."""
    told = date_pb2.Date(year=day.year, month=day.month, day=day.day)
    asked = question()
    asked.period.CopyFrom(period_pb2.Period(begin_date=told, end_date=told))
    return asked


async def test_a_lawful_question_is_no_refusal_where_it_is_another_day(mesh, trail):
    midnight = datetime.now(UTC)
    today = midnight.date() + timedelta(days=midnight.hour >= 12)
    behind = {"access": -APART / 2, "directory": -APART / 2}

    async with clocks(mesh, midnight, routing=APART / 2, **behind):
        answer = await consult(mesh, on(today))
        tomorrow = await consult(mesh, on(today + timedelta(days=1)))

    assert outcome(answer) == "DATA_FOUND MSG00000"
    # What lies ahead of the day on which it was asked stays forbidden.
    assert outcome(tomorrow) == "NO_RESULT MSG00013"
    assert await trail.stages(answer.information_cbss.ticket_cbss) == ["INTENT", "OUTCOME"]
