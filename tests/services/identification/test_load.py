"""The load job: what it reads, what it refuses, and the command as an operator runs it."""

import asyncio
import sys

import pytest

from services.identification.load.lines import read
from services.kit.migrate import migrate
from tests.services.identification.examples import PERSONS

LINES = """\
{"ssin": "71713000318"}
{"ssin": "95661501156", "state": "REPLACED", "replaced_by": "95661501255"}
{"ssin": "95661501255"}
{"ssin": "39620200524", "deceased_on": "2025-02-00"}
{"ssin": "90651803128", "state": "CANCELED"}
"""


def test_reads_every_kind_of_line():
    persons, problems = read(LINES.splitlines())

    assert persons == list(PERSONS)
    assert problems == []


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("", "line"),
        ("[]", "line"),
        ("{}", "line"),
        ('{"ssin": "71713000318", "name": "x"}', "line"),
        ('{"ssin": 71713000318}', "ssin"),
        ('{"ssin": "71713000319"}', "ssin"),
        ('{"ssin": "71713000318", "state": "GONE"}', "state"),
        ('{"ssin": "71713000318", "state": "REPLACED"}', "replaced_by"),
        ('{"ssin": "71713000318", "replaced_by": "95661501255"}', "replaced_by"),
        (
            '{"ssin": "71713000318", "state": "REPLACED", "replaced_by": "71713000318"}',
            "replaced_by",
        ),
        ('{"ssin": "71713000318", "deceased_on": "2025"}', "deceased_on"),
    ],
)
def test_says_which_line_is_wrong_and_never_what_stands_there(line, field):
    persons, problems = read(['{"ssin": "95661501255"}', line])

    assert len(persons) == 1
    assert [(problem.line, problem.field) for problem in problems] == [(2, field)]
    assert "717130003" not in problems[0].description


def test_refuses_a_number_that_stands_twice():
    _, problems = read(['{"ssin": "71713000318"}'] * 2)

    assert [(problem.line, problem.field) for problem in problems] == [(2, "ssin")]


async def test_the_command_loads_and_refuses(postgres, tmp_path):
    database = await postgres.database("identification")
    await migrate(database.owner_dsn, "services.identification")
    (tmp_path / "dsn").write_text(database.owner_dsn)
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(LINES)
    bad.write_text('{"ssin": "71713000319"}\n')

    async def command(*files):
        job = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.identification.load", *map(str, files)),
            env={"DATABASE_OWNER_DSN_FILE": str(tmp_path / "dsn")},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await job.communicate()
        return job.returncode, said.decode()

    code, said = await command(good)
    assert (code, '"rows_changed": 5' in said) == (0, True)
    code, said = await command(good, bad)
    assert (code, '"rows_changed": 0' in said, '"line": 1' in said) == (1, True, True)
    code, said = await command(tmp_path / "absent.jsonl")
    assert (code, "cannot be read" in said) == (1, True)
