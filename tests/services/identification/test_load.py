"""The load job: what it reads, what it refuses, and the command as an operator runs it."""

import asyncio
import json
import sys

import pytest

from services.concepts.incomplete_date import IncompleteDate
from services.identification.load.lines import read
from services.identification.model.searches import Phonetic
from services.identification.store.loading import PostgresShelf
from services.identification.store.registers import PostgresRegisters
from services.identification.usecases.searching import by_sound
from services.kit.postgres import pool
from tests.services.identification.examples import MARC, PERSONS


def whole(**changed):
    """A line that says who somebody is, with some words changed."""
    line = {
        "ssin": "71713000318",
        "last_name": "Dubois",
        "first_names": ["Marc"],
        "birth_date": "1971-11-30",
        "sex": 1,
        "register": "RAD",
        "card_number": "591999990179",
    }
    return json.dumps(line | changed)


LINES = """\
{"ssin": "71713000318"}
{"ssin": "95661501156", "state": "REPLACED", "replaced_by": "95661501255"}
{"ssin": "95661501255"}
{"ssin": "39620200524", "deceased_on": "2025-02-00"}
{"ssin": "90651803128", "state": "CANCELED"}
"""


async def test_who_is_loaded_is_found_and_has_a_card(postgres):
    database = await postgres.migrated("identification")
    said, problems = read([whole()])
    assert problems == []

    async with pool(database.owner_dsn, name="load") as owner:
        for _ in range(2):
            await PostgresShelf(owner).store(said.persons, said.found, said.cards)
        registers = PostgresRegisters(owner)
        asked = Phonetic("Duboys", "Marc", "", IncompleteDate(1971, 11, 30), 0, None)
        found = await by_sound(registers, asked, 10)
        shown = (await registers.list_shown([MARC]))[MARC]

    assert [one.identity.ssin for one in found.candidates] == [MARC]
    assert [card.digits for card in shown.cards] == ["591999990179"]


def test_reads_every_kind_of_line():
    said, problems = read(LINES.splitlines())

    assert said.persons == list(PERSONS)
    assert problems == []


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("", "line"),
        ("[]", "line"),
        ("{}", "line"),
        ('{"ssin": "71713000318", "name": "x"}', "line"),
        ('{"ssin": "71713000318", "last_name": "Peeters"}', "birth_date"),
        ('{"ssin": "71713000318", "card_number": "591999990170"}', "card_number"),
        (whole(birth_date="1982"), "birth_date"),
        (whole(first_names="Jan"), "first_names"),
        (whole(first_names=["a", "b", "c", "d"]), "first_names"),
        (whole(last_name="123"), "last_name"),
        (whole(last_name="x" * 49), "last_name"),
        (whole(sex=3), "sex"),
        (whole(register="POPULATION"), "register"),
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
    said, problems = read(['{"ssin": "95661501255"}', line])

    assert len(said.persons) == 1
    assert [(problem.line, problem.field) for problem in problems] == [(2, field)]
    assert "717130003" not in problems[0].description


def test_refuses_a_number_that_stands_twice():
    _, problems = read(['{"ssin": "71713000318"}'] * 2)

    assert [(problem.line, problem.field) for problem in problems] == [(2, "ssin")]


async def test_the_command_loads_and_refuses(postgres, tmp_path):
    database = await postgres.migrated("identification")
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
