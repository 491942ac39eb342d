"""The feed job: what it reads, what it refuses, and the command as an operator runs it."""

import asyncio
import json
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from services.buffer.definitions import fact_types, sources
from services.buffer.load.lines import read
from services.buffer.model import Fed
from tests.services.buffer.examples import FED

LINE = {
    "ssin": "71713000318",
    "supplier": "11.0",
    "fact_type": "BIM_HOLDER",
    "begin_date": "2020-01-01",
    "as_of": "2026-11-01T00:00:00Z",
    "expires_on": "2027-12-31",
}


def test_reads_a_line():
    fed, problems = read([json.dumps(LINE)], fact_types())

    assert fed == Fed([FED[0]], [], [], [])
    assert problems == []


WAGE = LINE | {"supplier": "16.2", "fact_type": "RIS"}


def test_reads_the_category_and_the_day_of_the_decision():
    line = WAGE | {"value": "3", "decided_on": "2026-11-01"}

    told, problems = read([json.dumps(line)], fact_types())
    (fed,) = told.facts

    assert problems == []
    assert (fed.fact.value, fed.fact.decided_on) == (3, date(2026, 11, 1))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        # Of four categories of the living wage nobody has heard.
        (WAGE | {"value": "4"}, "value"),
        (WAGE | {"value": "0"}, "value"),
        (WAGE | {"value": "-1"}, "value"),
        (WAGE | {"value": "3.0"}, "value"),
        (WAGE | {"value": "\u0663"}, "value"),
        (WAGE | {"value": "9" * 5000}, "value"),
        (WAGE | {"value": ""}, "value"),
        # Increased reimbursement has no categories.
        (LINE | {"value": "1"}, "value"),
        (WAGE | {"decided_on": "yesterday"}, "decided_on"),
        # What the source saw on 1 November was not decided on the day after.
        (WAGE | {"decided_on": "2026-11-02"}, "decided_on"),
    ],
)
def test_a_category_or_a_decision_that_cannot_be_is_refused(line, field):
    fed, problems = read([json.dumps(line), json.dumps(WAGE)], fact_types())

    assert [(one.line, one.field) for one in problems] == [(1, field)]
    assert len(fed.facts) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ssin": "71713000319"}, "ssin"),
        ({"supplier": "11"}, "supplier"),
        # An inspection: what it keeps is told to the person later.
        ({"supplier": "26.1"}, "supplier"),
        ({"supplier": "11.1000"}, "supplier.institution"),
        # Pensions say nothing of health insurance.
        ({"supplier": "5.0"}, "supplier"),
        ({"supplier": "9" * 5000 + ".0"}, "supplier"),
        ({"fact_type": "AMOUNT"}, "fact_type"),
        ({"begin_date": "20200101"}, "begin_date"),
        ({"begin_date": "2020-W01-1"}, "begin_date"),
        ({"begin_date": "0000-01-01"}, "begin_date"),
        ({"as_of": "0001-01-01T00:00:00+14:00"}, "as_of"),
        ({"as_of": "2062-11-27T08:00:00Z"}, "as_of"),
        ({"begin_date": "2020"}, "begin_date"),
        ({"end_date": "2019-12-31"}, "period.end_date"),
        ({"as_of": "2026-11-01T00:00:00"}, "as_of"),
        ({"expires_on": "never"}, "expires_on"),
        ({"name": "x"}, "line"),
        ({"ssin": 71713000318}, "line"),
    ],
)
def test_says_what_is_wrong_and_never_what_stands_there(change, field):
    fed, problems = read([json.dumps({**LINE, **change})], fact_types())

    assert fed.facts == []
    assert [(one.line, one.field) for one in problems] == [(1, field)]
    assert "717130003" not in problems[0].description


@pytest.mark.parametrize("ahead", [timedelta(minutes=4), timedelta(minutes=6)])
def test_the_clock_of_a_source_is_at_most_some_minutes_ahead(ahead):
    now = datetime(2026, 11, 1, tzinfo=UTC) - ahead

    _, problems = read([json.dumps(LINE)], fact_types(), lambda: now)

    assert [one.field for one in problems] == (["as_of"] if ahead.seconds > 300 else [])


def test_every_kind_of_fact_has_sources_of_its_own():
    told = {kind: sources(kind) for kind in fact_types()}

    assert all(told.values())
    assert sources("AMOUNT") == frozenset()
    for kind, places in told.items():
        for other in {place for every in told.values() for place in every} - places:
            line = LINE | {"fact_type": kind, "supplier": str(other)}
            assert [one.field for one in read([json.dumps(line)], fact_types())[1]] == ["supplier"]


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"ssin": "71713000318"}', "[" * 200_000])
def test_refuses_what_is_no_fact(line):
    assert len(read([line], fact_types())[1]) == 1


HOME = {
    "ssin": "71713000318",
    "supplier": "0.0",
    "scope": "SAME_DOMICILE",
    "household": "7",
    "position": "1",
    "begin_date": "2020-01-01",
    "as_of": "2026-11-01T00:00:00Z",
    "expires_on": "2027-12-31",
}
SILENT = {
    "ssin": "71713000318",
    "supplier": "50.1",
    "could_not_say": "yes",
    "as_of": "2026-11-01T00:00:00Z",
}
ALL = {"supplier": "50.1", "told_all": "yes", "as_of": "2026-11-01T00:00:00Z"}


def test_reads_who_lives_where_who_could_not_say_and_who_told_all():
    fed, problems = read([json.dumps(one) for one in (HOME, SILENT, ALL)], fact_types())

    assert problems == []
    (home,), (silent,), (whole,) = fed.memberships, fed.silences, fed.wholes
    assert (home.scope, home.household, home.position) == ("SAME_DOMICILE", 7, 1)
    assert home.period.begin == date(2020, 1, 1)
    assert str(silent.supplier) == str(whole.supplier) == "50.1"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (HOME | {"scope": "NEIGHBOURS"}, "scope"),
        # Who lives where is not for the sickness funds to say.
        (HOME | {"supplier": "11.0"}, "supplier"),
        (HOME | {"household": "H2"}, "household"),
        (HOME | {"household": "9" * 19}, "household"),
        (HOME | {"position": "4"}, "position"),
        (HOME | {"end_date": "2019-12-31"}, "period.end_date"),
        (HOME | {"as_of": "2062-11-27T08:00:00Z"}, "as_of"),
        (HOME | {"fact_type": "RIS"}, "line"),
        (SILENT | {"could_not_say": "no"}, "could_not_say"),
        (SILENT | {"supplier": "85.0"}, "supplier"),
        (ALL | {"ssin": "71713000318"}, "line"),
        (ALL | {"told_all": "Yes"}, "told_all"),
        (LINE | {"fact_type": "BIRTH_DATE", "supplier": "0.0", "value": "19570229"}, "value"),
        (LINE | {"fact_type": "POSTAL_CODE", "supplier": "0.0", "value": "999"}, "value"),
        (LINE | {"fact_type": "CHILD_PILLAR_1", "supplier": "7.0", "value": "-1"}, "value"),
    ],
)
def test_what_cannot_be_is_refused_and_the_others_are_taken(line, field):
    fed, problems = read([json.dumps(one) for one in (line, HOME)], fact_types())

    assert [(one.line, one.field) for one in problems] == [(1, field)]
    assert len(fed.memberships) == 1


async def test_the_command_feeds_and_refuses(postgres, tmp_path):
    database = await postgres.migrated("buffer")
    (tmp_path / "dsn").write_text(database.owner_dsn)
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(json.dumps(LINE) + "\n")
    bad.write_text("{}\n")

    async def command(*files):
        job = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.buffer.load", *map(str, files)),
            env={"DATABASE_OWNER_DSN_FILE": str(tmp_path / "dsn")},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await job.communicate()
        return job.returncode, said.decode()

    code, said = await command(good)
    assert (code, '"stored": 1' in said) == (0, True)
    code, said = await command(good)
    assert (code, "nothing stored" in said, "warning" in said) == (0, True, True)
    code, said = await command(bad, good)
    assert (code, '"stored": 0' in said, '"line": 1' in said) == (1, True, True)
